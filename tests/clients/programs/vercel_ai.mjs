// ai and @ai-sdk/openai-compatible: generateText, streamText, tools.
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, jsonSchema, stepCountIs, streamText, tool } from "ai";

const tidegate = createOpenAICompatible({ name: "tidegate", baseURL: process.env.BASE, apiKey: "none" });
const tell = (name, value) => process.stdout.write(JSON.stringify([name, value]) + "\n");
const prompt = "Why are there tides?";
const schema = jsonSchema({ type: "object", properties: { word: { type: "string" } }, required: ["word"] });
const lookup = tool({ description: "Looks a word up.", inputSchema: schema, execute: async ({ word }) => `${word}: 42` });

tell("text", (await generateText({ model: tidegate("tiny"), prompt, maxOutputTokens: 20, maxRetries: 0 })).text);
let said = "";
for await (const piece of streamText({ model: tidegate("tiny"), prompt, maxOutputTokens: 20, maxRetries: 0 }).textStream) said += piece;
tell("stream", said);
const looped = { model: tidegate("tools"), prompt: "go", tools: { lookup }, stopWhen: stepCountIs(3), maxRetries: 0 };
tell("tool loop", (await generateText(looped)).text);
const streamed = streamText(looped);
tell("tool loop stream", await streamed.text);
