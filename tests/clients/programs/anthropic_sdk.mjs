// @anthropic-ai/sdk (JavaScript): messages, stream, tools, count_tokens.
import Anthropic from "@anthropic-ai/sdk";

const client = new Anthropic({ baseURL: process.env.ROOT, apiKey: "none", maxRetries: 0 });
const tell = (name, value) => process.stdout.write(JSON.stringify([name, value]) + "\n");
const messages = [{ role: "user", content: "Why are there tides?" }];
const input_schema = { type: "object", properties: { word: { type: "string" } }, required: ["word"] };
const tools = [{ name: "lookup", input_schema }];

tell("messages", (await client.messages.create({ model: "tiny", max_tokens: 20, messages })).content[0].text);
tell("stream", await client.messages.stream({ model: "tiny", max_tokens: 20, messages }).finalText());
tell("tool", (await client.messages.create({ model: "tools", max_tokens: 50, messages, tools })).content[0].input.word);
const final = await client.messages.stream({ model: "tools", max_tokens: 50, messages, tools }).finalMessage();
tell("tool stream", final.content[0].input.word);
tell("count", (await client.messages.countTokens({ model: "tiny", messages })).input_tokens);
