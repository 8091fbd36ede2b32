package io.costoptimal.gateway.server.simulator;

import io.costoptimal.gateway.server.simulator.Script.Around;

/** Chat completions and legacy completions, whole and streamed. */
final class ChatScripts {

    private static final String ERROR = "data: {\"error\":{\"message\":\"The simulated provider failed.\","
            + "\"type\":\"server_error\",\"param\":null,\"code\":\"server_error\"}}\n\n";

    private ChatScripts() {}

    static Script chat(Ask ask, String model, Bill bill) {
        return ask.stream() ? chatStream(ask, model, bill) : chatWhole(ask, model, bill);
    }

    static Script completion(Ask ask, String model, Bill bill) {
        String start = "{\"id\":\"cmpl-sim\",\"object\":\"text_completion\",\"created\":1767225600,\"model\":"
                + Json.quote(model) + ",\"choices\":[";
        String before = start + "{\"text\":\"";
        if (!ask.stream()) {
            String after = "\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"stop\"}]";
            return Script.whole(before, after + usage(bill) + "}");
        }
        String noUsage = ask.includeUsage() ? ",\"usage\":null" : "";
        String after = "\",\"index\":0,\"logprobs\":null,\"finish_reason\":null}]" + noUsage + "}\n\n";
        String last = "data: " + before + after.replace("\"finish_reason\":null", "\"finish_reason\":\"stop\"");
        return Script.events(
                new Around("", last + usageEvent(ask, start, bill) + "data: [DONE]\n\n"),
                new Around("data: " + before, after),
                ERROR);
    }

    private static Script chatWhole(Ask ask, String model, Bill bill) {
        ToolCall tool = ask.tool();
        String message = tool == null
                ? "\"content\":\""
                : "\"content\":null,\"refusal\":null,\"tool_calls\":[{\"id\":\"call_sim\",\"type\":\"function\",\"function\":{\"name\":"
                        + Json.quote(tool.name()) + ",\"arguments\":\"";
        String rest = tool == null ? "\",\"refusal\":null,\"annotations\":[]}" : "\"}}],\"annotations\":[]}";
        return Script.whole(
                "{\"id\":\"" + ask.id("chatcmpl-sim")
                        + "\",\"object\":\"chat.completion\",\"created\":1767225600,\"model\":"
                        + Json.quote(model)
                        + ",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_sim\",\"choices\":[{\"index\":0,"
                        + "\"message\":{\"role\":\"assistant\"," + message,
                rest + ",\"logprobs\":null,\"finish_reason\":\"" + finish(tool) + "\"}]" + usage(bill) + "}");
    }

    private static Script chatStream(Ask ask, String model, Bill bill) {
        ToolCall tool = ask.tool();
        String start = "{\"id\":\"" + ask.id("chatcmpl-sim")
                + "\",\"object\":\"chat.completion.chunk\",\"created\":1767225600,\"model\":" + Json.quote(model)
                + ",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_sim\",\"choices\":[";
        String choice = "data: " + start + "{\"index\":0,\"delta\":{";
        String noUsage = ask.includeUsage() ? ",\"usage\":null" : "";
        String end = "},\"logprobs\":null,\"finish_reason\":null}]" + noUsage + "}\n\n";
        String role = tool == null
                ? "\"role\":\"assistant\",\"content\":\"\",\"refusal\":null"
                : "\"role\":\"assistant\",\"content\":null,\"refusal\":null,\"tool_calls\":[{\"index\":0,\"id\":\"call_sim\","
                        + "\"type\":\"function\",\"function\":{\"name\":" + Json.quote(tool.name())
                        + ",\"arguments\":\"\"}}]";
        Around delta = tool == null
                ? new Around(choice + "\"content\":\"", "\"" + end)
                : new Around(choice + "\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"", "\"}}]" + end);
        String finish = choice + "},\"logprobs\":null,\"finish_reason\":\"" + finish(tool) + "\"}]" + noUsage + "}\n\n";
        return Script.events(
                new Around(choice + role + end, finish + usageEvent(ask, start, bill) + "data: [DONE]\n\n"),
                delta,
                ERROR);
    }

    private static String usageEvent(Ask ask, String start, Bill bill) {
        return ask.includeUsage() && bill.told() ? "data: " + start + "]" + usage(bill) + "}\n\n" : "";
    }

    private static String finish(ToolCall tool) {
        return tool == null ? "stop" : "tool_calls";
    }

    private static String usage(Bill bill) {
        return bill.told() ? ",\"usage\":" + bill.inChat() : "";
    }
}
