package io.costoptimal.gateway.tokens;

/**
 * What of a {@code /v1/chat/completions} body is text. Per message the published recipe of OpenAI's cookbook: 3 tokens,
 * the role, the content, {@code name} and one more for it; 3 once for the reply. Tools and schemas count as they stand in
 * the body. Images, audio and files are no text.
 */
final class ChatText {

    static final int PER_MESSAGE = 3;
    static final int PER_NAME = 1;
    static final int REPLY = 3;

    private final BodyCursor in;

    ChatText(BodyCursor in) {
        this.in = in;
    }

    void body(String name) {
        switch (name) {
            case "messages" -> messages();
            case "tools" -> in.objects(this::tool);
            case "functions" -> in.objects(this::function);
            case "response_format" -> in.members(this::responseFormat);
            default -> in.skip();
        }
    }

    private void messages() {
        if (in.onArray()) {
            in.overhead(REPLY);
        }
        in.elements(() -> {
            if (in.onObject()) {
                in.overhead(PER_MESSAGE);
            }
            in.members(this::message);
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
        switch (name) {
            case "name", "description" -> in.text();
            case "parameters", "format" -> in.json();
            default -> in.skip();
        }
    }

    private void responseFormat(String name) {
        if (name.equals("json_schema")) {
            in.members(this::schema);
        } else {
            in.skip();
        }
    }

    private void schema(String name) {
        switch (name) {
            case "name", "description" -> in.text();
            case "schema" -> in.json();
            default -> in.skip();
        }
    }
}
