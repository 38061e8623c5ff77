"""What an engine reads before anybody asks: RE2 builds its automata as it reads, and the first request shall not pay.

One paragraph a kind of text, because reading for code stops where it has seen enough. Nothing is found in them that
would be worth keeping; what matters is which bytes follow which.
"""

# ruff: noqa: E501 - samples are as wide as what they stand for

TEXTS = r'''
A paragraph of prose, such as people write: it costs 12.50 today, it cost 11 in 2019, and who knows what then. "Well," she said - and I quote - "that's (almost) 12% more than last year's 3,400; isn't it?" See https://www.site.example/a/b.html?c=d&e=1#f or call on Monday at 10:30.

Hello! Could you please help me write an e-mail to my landlord? The heating (ground floor, 2nd room) hasn't worked since 3 January, and I've called twice. Keep it short & friendly. Thanks, K.

# Heading with `code`

1. **First** item: see [the guide](https://docs.site.example/guide/start.html)
2. *Second* item; `run --fast -n 10`
   - nested, with 50% & more
| Name | Value | Note |
|------|------:|------|
| a_b  | 1.25  | ok   |

import os
from dataclasses import dataclass, field

@dataclass(frozen=True)
class Window(Base):
    """A window. See `Base`, and the notes below."""

    width: int = 0
    names: dict[str, list[int]] = field(default_factory=dict)

    def area(self, scale: float = 1.0, *args: object, **kwargs: object) -> float:
        # TODO: the other unit; see #1234
        if self.width <= 0 or not self.names:
            raise ValueError(f"no width: {self.width!r}, {len(self.names):>5}")
        for name, values in sorted(self.names.items(), key=lambda pair: pair[1]):
            self.total += sum(x * 2 for x in values if x % 3 == 0)
        return {"key": [1, 2.5e-3, None], 'token': True}.get("key") or self.width ** 2

result = [item.strip() for item in text.split("\n") if item]
print("%s: %d" % (result, len(result)), file=sys.stderr)
assert result == expected, "they differ"
with open(os.path.join(root, "a.txt"), encoding="utf-8") as file:
    return json.loads(file.read())

const fs = require('fs');
import React, { useState } from "react";
export default async function load(path, { retries = 3 } = {}) {
  const [state, setState] = useState(null);
  let items = await fetch(`/api/items/${path}?limit=${retries}`).then((res) => res.json());
  if (items === undefined || !items.length) { throw new Error('no items'); }
  items.forEach((item) => { console.log(item.name, item['value']); });
  return <div className="list" onClick={() => setState(1)}>{items.map((x) => <Item key={x.id} {...x} />)}</div>;
}

#include <stdio.h>
#define MAX_LEN 128
static int count(const char *text, size_t len) {
    unsigned long n = 0; int i;
    for (i = 0; i < len; i++) { if (text[i] == '\n' || text[i] == 0x20) n += 1; }
    struct node *next = node->next; memset(buf, 0, sizeof(buf));
    return (int) n & 0xff; /* never more than one byte */
}

public class Account implements Comparable<Account> {
    private final Map<String, List<Integer>> entries = new HashMap<>();
    @Override
    public int compareTo(Account other) { return this.name.compareTo(other.name); }
    protected void add(String key, int value) throws IOException {
        entries.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
    }
}

package main

import (
	"fmt"
	"net/http"
)

func (s *Server) handle(w http.ResponseWriter, r *http.Request) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	s.mu.Lock(); defer s.mu.Unlock()
}

use std::collections::HashMap;
impl<'a> Parser<'a> {
    pub fn parse(&mut self, text: &'a str) -> Result<Vec<Token>, Error> {
        let mut tokens: Vec<Token> = Vec::with_capacity(16);
        match text.chars().next() { Some(c) if c.is_ascii() => tokens.push(Token::Char(c)), _ => {} }
        Ok(tokens)
    }
}

#!/bin/bash
set -euo pipefail
export PATH="$HOME/bin:$PATH"
for f in *.txt; do
  if [[ -f "$f" ]]; then grep -n 'x' "$f" | sed -e 's/a/b/' > "out/${f%.txt}.log" 2>&1; fi
done
$ git log --oneline -5 && make test | tail -3

SELECT u.id, COUNT(*) AS n FROM users u LEFT JOIN orders o ON o.user_id = u.id
WHERE o.created_at >= '2024-01-31' AND u.active IS NOT NULL GROUP BY u.id HAVING COUNT(*) > 3 ORDER BY n DESC LIMIT 10;
CREATE TABLE items (id SERIAL PRIMARY KEY, name VARCHAR(64) NOT NULL);

<!DOCTYPE html>
<html lang="en"><head><title>Page</title><link rel="stylesheet" href="/a.css"></head>
<body class="main"><h1 id="top">A &amp; B</h1><p style="color: #ff8800; margin: 0 auto;">text<br/></p></body></html>
.list > li:hover { background: url("a.png") no-repeat; border: 1px solid rgba(0, 0, 0, .5); }

name: build
on: [push, pull_request]
jobs:
  test:
    runs-on: ubuntu-latest
    strategy: {matrix: {python: ["3.11", "3.12"]}}
    steps:
      - uses: actions/checkout@v4
      - run: pip install -e ".[dev]"

{"id": 1234567, "when": "2024-01-31T10:20:30Z", "path": "/usr/lib/x86_64-linux/b.so.1", "sha": "d41d8cd98f00b204e9800998ec", "tags": ["a", "b-c"], "nested": {"x": null, "y": -1.5e3, "ok": true}, "text": "a \"quoted\" line\nand \u00e9 another\/one"}

{"type": "function", "function": {"name": "read_file", "description": "Reads a file. Optional.", "parameters": {"type": "object", "properties": {"path": {"type": "string"}, "limit": {"type": "integer"}}, "required": ["path"]}}}

   101	def f(x, y=None):
   102	    return g(x)[0] + y.z
   103	return
12: foo = bar(1)
src/a/b.py:17:5: E501 line too long (130 > 120)
@@ -1,4 +1,5 @@ def f
-    old = 1
+    new = old.value

2024-01-31 10:20:30,123 INFO [worker-3] app.server - GET /api/v1/items?id=42 200 in 12.5 ms (user_agent="curl/8.1")
[31/Jan/2024:10:20:30 +0000] "POST /login HTTP/1.1" 302 512 0.003
Traceback (most recent call last):
  File "/srv/app/main.py", line 42, in <module>
    main()
KeyError: 'name'
drwxr-xr-x  2 root root  4096 Jan 31 10:20 build
-rw-r--r--  1 user staff 18231 Jan  1  2024 README.md

id,name,total,date
1,Anna,3.50,2024-01-31
2,"Bob, Jr.",1200,31/01/2024
A-1001; 17,5 %; 00:15:00; Q3/24; v1.2.3-rc.1

GB00 0000 0000, AB123456C, 00:11:22:33:44:55, 2001:0:1::1, (555) 010-0000, +44 20 0000 0000, 000-00-0000, 4000 0000 0000 0000, ICD X00.0, order no. 12345678, born 01.02.1990, 12 Long Road, 10115 Town, user.name@mail
QUICK BROWN FOXES; jump && over || lazy == dogs? THE END. API_KEY=$KEY DEBUG=1

Grüße aus Köln, “quoted” — naïve… l’été à 20 °C; señor, ação, żółć, Привет, мир! 你好。 日本語のテキスト、です。 emoji 🙂 and a ✓
'''.strip().split("\n\n")
