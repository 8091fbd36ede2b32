package io.costoptimal.gateway.server.simulator;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * The Responses API's stream: numbered events, the whole text once more in each of its last four. Immutable.
 *
 * @param ask what was asked
 * @param model as it is called in the answer
 * @param words the text is repeated in the events that close the stream
 */
record ResponsesStream(Ask ask, String model, Reply.Words words) implements Script {

    /** The answer as one JSON value. */
    static Script whole(Ask ask, String model, Reply.Words words) {
        Parts parts = Parts.of(ask.tool());
        String[] halves = new ResponsesStream(ask, model, words)
                .response("completed", "[" + parts.item("completed", "\u0000") + "]", words.bill())
                .split("\u0000");
        return Script.whole(halves[0], halves[1]);
    }

    @Override
    public boolean stream() {
        return true;
    }

    @Override
    public void opening(ByteBuf out) {
        Parts parts = Parts.of(ask.tool());
        String running = ",\"response\":" + response("in_progress", "[]", null);
        event(out, "response.created", running, 0);
        event(out, "response.in_progress", running, 1);
        event(out, "response.output_item.added", ",\"output_index\":0,\"item\":" + parts.item("in_progress", null), 2);
        if (ask.tool() == null) {
            event(out, "response.content_part.added", parts.place() + ",\"part\":" + part(""), 3);
        }
    }

    @Override
    public void before(ByteBuf out, int index) {
        Parts parts = Parts.of(ask.tool());
        String type = parts.delta() + ".delta";
        write(out, "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + parts.place() + ",\"delta\":\"");
    }

    @Override
    public void after(ByteBuf out, int index) {
        write(
                out,
                (ask.tool() == null ? "\",\"logprobs\":[]" : "\"") + ",\"sequence_number\":" + number(index) + "}\n\n");
    }

    @Override
    public void closing(ByteBuf out) {
        Parts parts = Parts.of(ask.tool());
        String all = all(out);
        int number = number(words.text().count());
        if (ask.tool() == null) {
            event(
                    out,
                    "response.output_text.done",
                    parts.place() + ",\"text\":\"" + all + "\",\"logprobs\":[]",
                    number++);
            event(out, "response.content_part.done", parts.place() + ",\"part\":" + part(all), number++);
        } else {
            event(
                    out,
                    "response.function_call_arguments.done",
                    parts.place() + ",\"name\":" + Json.quote(ask.tool().name()) + ",\"arguments\":\"" + all + "\"",
                    number++);
        }
        String item = parts.item("completed", all);
        event(out, "response.output_item.done", ",\"output_index\":0,\"item\":" + item, number++);
        event(
                out,
                "response.completed",
                ",\"response\":" + response("completed", "[" + item + "]", words.bill()),
                number);
    }

    @Override
    public void error(ByteBuf out, int index) {
        event(
                out,
                "error",
                ",\"code\":\"server_error\",\"message\":\"The simulated provider failed.\",\"param\":null",
                number(index));
    }

    private int number(int index) {
        return (ask.tool() == null ? 4 : 3) + index;
    }

    private String all(ByteBuf out) {
        ByteBuf scratch = out.alloc().heapBuffer();
        try {
            words.text().writeAll(scratch);
            return scratch.toString(StandardCharsets.UTF_8);
        } finally {
            scratch.release();
        }
    }

    private static void event(ByteBuf out, String type, String members, int number) {
        write(
                out,
                "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + members + ",\"sequence_number\":" + number
                        + "}\n\n");
    }

    private static void write(ByteBuf out, String text) {
        out.writeCharSequence(text, StandardCharsets.UTF_8);
    }

    private static String part(String text) {
        return "{\"type\":\"output_text\",\"text\":\"" + text + "\",\"annotations\":[],\"logprobs\":[]}";
    }

    private String response(String status, String output, Bill bill) {
        String usage = bill == null || !bill.told() ? "null" : bill.inResponse();
        return "{\"id\":\"" + ask.id("resp_sim") + "\",\"object\":\"response\",\"created_at\":1767225600,\"status\":\""
                + status
                + "\",\"background\":false,\"error\":null,\"incomplete_details\":null,\"instructions\":null,\"metadata\":{},"
                + "\"model\":" + Json.quote(model) + ",\"output\":" + output
                + ",\"parallel_tool_calls\":true,\"previous_response_id\":null,\"store\":" + (ask.id() != null)
                + ",\"temperature\":1.0,"
                + "\"tool_choice\":\"auto\",\"tools\":[],\"top_p\":1.0,\"truncation\":\"disabled\",\"usage\":" + usage
                + "}";
    }

    /** What differs between an answer with text and one with a tool call. */
    private record Parts(ToolCall tool) {

        private static final Parts TEXT = new Parts(null);

        static Parts of(ToolCall tool) {
            return tool == null ? TEXT : new Parts(tool);
        }

        String delta() {
            return tool == null ? "response.output_text" : "response.function_call_arguments";
        }

        String place() {
            return tool == null
                    ? ",\"item_id\":\"msg_sim\",\"output_index\":0,\"content_index\":0"
                    : ",\"item_id\":\"fc_sim\",\"output_index\":0";
        }

        /** The output item; {@code text} is escaped already, {@code null} leaves a message without parts. */
        String item(String status, String text) {
            if (tool == null) {
                return "{\"id\":\"msg_sim\",\"type\":\"message\",\"status\":\"" + status
                        + "\",\"role\":\"assistant\",\"content\":[" + (text == null ? "" : part(text)) + "]}";
            }
            return "{\"id\":\"fc_sim\",\"type\":\"function_call\",\"status\":\"" + status
                    + "\",\"call_id\":\"call_sim\",\"name\":" + Json.quote(tool.name()) + ",\"arguments\":\""
                    + (text == null ? "" : text) + "\"}";
        }
    }
}
