# ruff: noqa: E501 - tables of cases

import pytest

from tidegate.core.classify.code import language
from tidegate.core.classify.languages import NAMES

SOURCES = {
    "python": "import os\n\nclass A:\n    def f(self, x):\n        for y in x:\n            if y is None:\n                return self.z\n",
    "javascript": "const fs = require('fs');\nfunction go(a) {\n  if (a === undefined) console.log('x');\n  return a => a.b;\n}\nmodule.exports = go;\n",
    "typescript": "export interface User {\n  id: number;\n  name?: string;\n}\nconst load = async (id: number): Promise<User> => {\n  return api.get(id) as unknown;\n};\n",
    "java": "package com.acme;\nimport java.util.List;\npublic class A extends B {\n  @Override\n  public int get() { return new C().x; }\n}\n",
    "csharp": "using System;\nnamespace Acme.Web\n{\n  public class A\n  {\n    public string Name { get; set; }\n    public async Task Run() { Console.WriteLine(Name); }\n  }\n}\n",
    "c": '#include <stdio.h>\n#include <stdlib.h>\nint main(void) {\n  struct node *n = malloc(sizeof(*n));\n  n->next = NULL;\n  printf("%d", n->x);\n  return 0;\n}\n',
    "cpp": "#include <vector>\nnamespace a {\ntemplate <typename T>\nclass B {\n public:\n  std::vector<T> v;\n  void f() { std::cout << v.size() << std::endl; }\n};\n}\n",
    "go": 'package main\n\nimport "fmt"\n\nfunc main() {\n\tx, err := f()\n\tif err != nil {\n\t\treturn\n\t}\n\tfmt.Println(x)\n}\n',
    "rust": 'use std::io;\n\nfn main() {\n    let mut s = String::new();\n    match io::stdin().read_line(&mut s) {\n        Ok(n) => println!("{}", n),\n        Err(e) => panic!("{}", e),\n    }\n}\n',
    "ruby": "require 'json'\nclass A < B\n  attr_reader :x\n  def f(y)\n    y.each do |z|\n      puts z\n    end\n  end\nend\n",
    "php": "<?php\nnamespace Acme\\Web;\nclass A {\n  public function f($x) {\n    return $this->y[$x];\n  }\n}\n",
    "perl": "use strict;\nuse warnings;\nsub f {\n  my ($self, $x) = @_;\n  return $self->{x} unless $x =~ m/a/;\n}\n1;\n",
    "shell": '#!/bin/sh\nset -e\nfor f in *.txt; do\n  if [ -f "$f" ]; then\n    echo "$f"\n  fi\ndone\n',
    "sql": "SELECT u.id, count(*)\nFROM users u\nLEFT JOIN orders o ON o.user_id = u.id\nWHERE o.total > 10\nGROUP BY u.id;\n",
    "kotlin": 'data class A(val x: Int)\nfun main() {\n  val xs = listOf(1, 2)\n  println(xs.firstOrNull()?.toString() ?: "")\n}\n',
    "swift": "import Foundation\nstruct A: Codable {\n  let x: Int\n}\nfunc f(a: A?) -> Int {\n  guard let b = a else { return 0 }\n  return b.x ?? nil\n}\n",
    "lua": "local M = {}\nfunction M.f(x)\n  if x ~= nil then\n    return x .. 'a'\n  end\nend\nreturn M\n",
    "r": "library(dplyr)\nx <- c(1, 2)\nf <- function(y) {\n  y %>% filter(a > 1)\n}\ndf <- data.frame(x)\n",
    "haskell": "module Main where\nimport qualified Data.Map as M\nf :: Int -> Maybe Int\nf x = Just (x + 1)\n",
    "css": ".a {\n  color: #ff0000;\n  margin: 4px;\n}\n@media print {\n  .b { display: none; }\n}\n",
    "html": '<!DOCTYPE html>\n<html>\n<body>\n<div class="a"><p>x</p></div>\n</body>\n</html>\n',
    "dockerfile": 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install .\nCMD ["app"]\n',
    "terraform": 'resource "aws_instance" "web" {\n  ami           = var.ami\n  instance_type = "t3.micro"\n}\n',
    "latex": "\\documentclass{article}\n\\begin{document}\n\\section{One}\nText with $x^2$.\n\\end{document}\n",
    "fortran": "program a\n  implicit none\n  integer :: i\n  do i = 1, 3\n    call f(i)\n  end do\nend program\n",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_language_is_told_by_its_habits(name):
    assert language(SOURCES[name]) == name


@pytest.mark.parametrize(
    ("declared", "name"),
    [
        ("python", "python"),
        ("py", "python"),
        ("c++", "cpp"),
        ("sh", "shell"),
        ("TypeScript", "typescript"),
        ("go title=x", "go"),
    ],
)
def test_a_fence_that_names_a_language_is_believed(declared, name):
    assert language(f"Look:\n```{declared}\nx\n```\n") == name


@pytest.mark.parametrize("text", ["", "   \n", "Good morning, how are you?", "\ud800"])
def test_where_nothing_speaks_for_a_language_none_is_named(text):
    assert language(text) == ""


def test_names_are_plain_words():
    assert all(name.isalnum() and name.islower() for name in NAMES)
    assert set(SOURCES) <= NAMES
