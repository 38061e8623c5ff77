// openai (JavaScript): chat, stream, tools, responses, embeddings.
import OpenAI from "openai";

const client = new OpenAI({ baseURL: process.env.BASE, apiKey: "none", maxRetries: 0 });
const tell = (name, value) => process.stdout.write(JSON.stringify([name, value]) + "\n");
const messages = [{ role: "user", content: "Why are there tides?" }];
const parameters = { type: "object", properties: { word: { type: "string" } }, required: ["word"] };
const tools = [{ type: "function", function: { name: "lookup", parameters } }];

tell("chat", (await client.chat.completions.create({ model: "tiny", messages, max_tokens: 20 })).choices[0].message.content);
let said = "";
for await (const chunk of await client.chat.completions.create({ model: "tiny", messages, max_tokens: 20, stream: true }))
  said += chunk.choices[0]?.delta?.content ?? "";
tell("stream", said);
const called = await client.chat.completions.create({ model: "tools", messages, tools });
tell("tool", JSON.parse(called.choices[0].message.tool_calls[0].function.arguments).word);
const running = client.chat.completions.stream({ model: "tools", messages, tools });
tell("tool stream", (await running.finalChatCompletion()).choices[0].message.tool_calls[0].function.arguments);
tell("responses", (await client.responses.create({ model: "tiny", input: "Why?", max_output_tokens: 20 })).output_text);
const types = [];
for await (const event of await client.responses.create({ model: "tiny", input: "Why?", max_output_tokens: 400, stream: true }))
  types.push(event.type);
tell("responses stream", types.at(-1));
tell("embeddings", (await client.embeddings.create({ model: "tools", input: ["a", "b"] })).data[1].embedding);
