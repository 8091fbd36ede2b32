package io.costoptimal.gateway.tokens;

import io.costoptimal.gateway.exchange.BodyText;
import java.util.Set;

/**
 * What of a {@code /v1/chat/completions} body is text. Per message the published recipe of OpenAI's cookbook: 3 tokens,
 * the role, the content, {@code name} and one more for it; 3 once for the reply. Tools and schemas count as they stand in
 * the body. Images, audio and files are no text.
 *
 * <p>What the other families write the same way is read by the static methods here.
 */
final class ChatText {

    static final int PER_MESSAGE = 3;
    static final int PER_NAME = 1;
    static final int REPLY = 3;

    static final Set<String> PARAMETERS = Set.of("parameters", "format");
    static final Set<String> SCHEMA = Set.of("schema");

    private final BodyText in;

    ChatText(BodyText in) {
        this.in = in;
    }

    void body(String name) {
        switch (name) {
            case "messages" -> messages(in, this::message);
            case "tools" -> in.objects(this::tool);
            case "functions" -> in.objects(this::function);
            case "response_format" -> in.members(this::responseFormat);
            default -> in.skip();
        }
    }

    /** Takes an array of messages, each member of one by {@code message}. */
    static void messages(BodyText in, BodyText.Members message) {
        if (in.onArray()) {
            in.overhead(REPLY);
        }
        in.elements(() -> {
            if (in.onObject()) {
                in.overhead(PER_MESSAGE);
            }
            in.members(message);
        });
    }

    private void message(String name) {
        switch (name) {
            case "role", "refusal" -> in.text();
            case "content" -> content();
            case "name" -> {
                if (in.onString()) {
                    in.overhead(PER_NAME);
                }
                in.text();
            }
            case "tool_calls" -> in.objects(this::toolCall);
            case "function_call" -> in.members(this::call);
            default -> in.skip();
        }
    }

    private void content() {
        if (in.onArray()) {
            in.objects(this::part);
        } else {
            in.text();
        }
    }

    private void part(String name) {
        switch (name) {
            case "text", "refusal" -> in.text();
            default -> in.skip();
        }
    }

    private void toolCall(String name) {
        switch (name) {
            case "function", "custom" -> in.members(this::call);
            default -> in.skip();
        }
    }

    private void call(String name) {
        switch (name) {
            case "name", "arguments", "input" -> in.text();
            default -> in.skip();
        }
    }

    private void tool(String name) {
        switch (name) {
            case "function", "custom" -> in.members(this::function);
            default -> in.skip();
        }
    }

    private void function(String name) {
        described(in, name, PARAMETERS);
    }

    private void responseFormat(String name) {
        if (name.equals("json_schema")) {
            in.members(member -> described(in, member, SCHEMA));
        } else {
            in.skip();
        }
    }

    /** Takes one member of what has a name, a description and JSON: a function, or an output schema. */
    static void described(BodyText in, String member, Set<String> json) {
        if (member.equals("name") || member.equals("description")) {
            in.text();
        } else if (json.contains(member)) {
            in.json();
        } else {
            in.skip();
        }
    }
}
