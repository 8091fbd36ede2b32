package io.costoptimal.gateway.tokens;

import io.costoptimal.gateway.exchange.BodyText;
import java.util.Set;

/**
 * What of a {@code /v1/responses} body is text: {@code instructions}, {@code input}, tools and the output schema. An item
 * of {@code input} is a message and costs what one costs in a chat; so do {@code instructions} and an {@code input} that
 * is a string, whose roles are one token each.
 *
 * <p>Items are of two dozen types and more to come. Every string of an item counts, but for identifiers, states, links
 * and encoded data, which members of known names hold.
 */
final class ResponsesText {

    private static final int WHOLE_MESSAGE = ChatText.PER_MESSAGE + 1;

    private static final Set<String> NO_TEXT = Set.of(
            "type",
            "id",
            "call_id",
            "status",
            "phase",
            "detail",
            "encrypted_content",
            "file_id",
            "file_url",
            "file_data",
            "filename",
            "image_url",
            "input_audio",
            "url",
            "result",
            "annotations",
            "logprobs",
            "container_id",
            "approval_request_id",
            "server_label",
            "environment",
            "caller",
            "prompt_cache_breakpoint");

    private final BodyText in;

    ResponsesText(BodyText in) {
        this.in = in;
    }

    void body(String name) {
        switch (name) {
            case "instructions" -> message();
            case "input" -> input();
            case "prompt" -> in.members(this::prompt);
            case "tools" -> in.objects(this::tool);
            case "text" -> in.members(this::output);
            default -> in.skip();
        }
    }

    private void message() {
        if (in.onString()) {
            in.overhead(WHOLE_MESSAGE);
        }
        in.text();
    }

    private void input() {
        if (in.onString()) {
            in.overhead(ChatText.REPLY);
            message();
            return;
        }
        if (in.onArray()) {
            in.overhead(ChatText.REPLY);
        }
        in.elements(() -> {
            if (in.onObject()) {
                in.overhead(ChatText.PER_MESSAGE);
                in.strings(NO_TEXT);
            } else {
                in.skip();
            }
        });
    }

    private void prompt(String name) {
        if (name.equals("variables")) {
            in.strings(NO_TEXT);
        } else {
            in.skip();
        }
    }

    private void tool(String name) {
        if (name.equals("tools")) {
            in.objects(this::tool);
        } else {
            ChatText.described(in, name, ChatText.PARAMETERS);
        }
    }

    private void output(String name) {
        if (name.equals("format")) {
            in.members(member -> ChatText.described(in, member, ChatText.SCHEMA));
        } else {
            in.skip();
        }
    }
}
