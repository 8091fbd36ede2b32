package io.costoptimal.gateway.server.simulator;

import io.costoptimal.gateway.server.simulator.Script.Around;

/** Anthropic messages, whole and streamed. */
final class MessagesScripts {

    private static final String ERROR =
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
                    + "\"message\":\"Overloaded\"},\"request_id\":\"req_sim\"}\n\n";

    private MessagesScripts() {}

    static Script of(Ask ask, String model, Bill bill) {
        return ask.stream() ? stream(ask, model, bill) : whole(ask, model, bill);
    }

    private static Script whole(Ask ask, String model, Bill bill) {
        ToolCall tool = ask.tool();
        String opening = message(model) + ",\"content\":[";
        String end = "],\"stop_reason\":\"" + stop(tool) + "\",\"stop_sequence\":null,\"stop_details\":null,"
                + "\"container\":null" + usage(bill) + "}";
        // Here the arguments are JSON and not text, so they are part of what stands around it.
        return tool == null
                ? Script.whole(opening + "{\"type\":\"text\",\"text\":\"", "\"}" + end)
                : Script.whole(opening + toolUse(tool, tool.arguments()), end);
    }

    private static Script stream(Ask ask, String model, Bill bill) {
        ToolCall tool = ask.tool();
        String start = event(
                "message_start",
                ",\"message\":" + message(model) + ",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,"
                        + "\"stop_details\":null,\"container\":null" + usage(bill.saying(1)) + "}");
        String block = tool == null ? "{\"type\":\"text\",\"text\":\"\"}" : toolUse(tool, "{}");
        String opening =
                start + event("content_block_start", ",\"index\":0,\"content_block\":" + block) + event("ping", "");
        String closing = event("content_block_stop", ",\"index\":0")
                + event(
                        "message_delta",
                        ",\"delta\":{\"stop_reason\":\"" + stop(tool) + "\",\"stop_sequence\":null}"
                                + (bill.told()
                                        ? ",\"usage\":{\"output_tokens\":"
                                                + bill.output().tokens() + "}"
                                        : ""))
                + event("message_stop", "");
        String delta = tool == null
                ? "{\"type\":\"text_delta\",\"text\":\""
                : "{\"type\":\"input_json_delta\",\"partial_json\":\"";
        return Script.events(
                new Around(opening, closing),
                new Around(
                        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
                                + delta,
                        "\"}}\n\n"),
                ERROR);
    }

    private static String event(String type, String members) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + members + "}\n\n";
    }

    private static String message(String model) {
        return "{\"id\":\"msg_sim\",\"type\":\"message\",\"role\":\"assistant\",\"model\":" + Json.quote(model);
    }

    private static String toolUse(ToolCall tool, String input) {
        return "{\"type\":\"tool_use\",\"id\":\"toolu_sim\",\"name\":" + Json.quote(tool.name()) + ",\"input\":" + input
                + "}";
    }

    private static String stop(ToolCall tool) {
        return tool == null ? "end_turn" : "tool_use";
    }

    private static String usage(Bill bill) {
        return bill.told() ? ",\"usage\":" + bill.inMessage() : "";
    }
}
