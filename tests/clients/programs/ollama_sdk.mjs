// ollama (JavaScript): chat, generate, tools, embed, list.
import { Ollama } from "ollama";

const client = new Ollama({ host: process.env.ROOT });
const tell = (name, value) => process.stdout.write(JSON.stringify([name, value]) + "\n");
const messages = [{ role: "user", content: "Why are there tides?" }];
const options = { num_predict: 20 };
const parameters = { type: "object", properties: { word: { type: "string" } }, required: ["word"] };
const tools = [{ type: "function", function: { name: "lookup", description: "", parameters } }];

tell("chat", (await client.chat({ model: "tiny", messages, options })).message.content);
let said = "";
for await (const part of await client.chat({ model: "tiny", messages, options, stream: true })) said += part.message.content;
tell("stream", said);
tell("generate", (await client.generate({ model: "tiny", prompt: "Why?", options })).response);
tell("tool", (await client.chat({ model: "tools", messages, tools })).message.tool_calls[0].function.arguments.word);
tell("embed", (await client.embed({ model: "tools", input: ["a", "b"] })).embeddings[1]);
tell("list", (await client.list()).models.map((model) => model.model).sort());
