package io.costoptimal.gateway.tokens;

import io.costoptimal.gateway.exchange.BodyText;
import java.util.Set;

/**
 * What of a {@code /v1/messages} body is text: {@code system}, the messages' blocks, tools and the output schema. A message
 * costs the same overhead as in a chat. There is no public tokenizer for Claude: the number is an estimate.
 *
 * <p>Blocks are told apart by the names of their members, not by {@code type}, so their order does not matter: a
 * {@code source} that is a string is the origin of a search result, an object is an image or a document, of which only
 * plain text and nested blocks count.
 */
final class MessagesText {

    private static final Set<String> SCHEMA = Set.of("input_schema");

    private final BodyText in;

    MessagesText(BodyText in) {
        this.in = in;
    }

    void body(String name) {
        switch (name) {
            case "system" -> content();
            case "messages" -> ChatText.messages(in, this::message);
            case "tools" -> in.objects(this::tool);
            case "output_config" -> in.members(this::output);
            default -> in.skip();
        }
    }

    private void message(String name) {
        switch (name) {
            case "role" -> in.text();
            case "content" -> content();
            default -> in.skip();
        }
    }

    /** A string, one block, or an array of blocks. */
    private void content() {
        if (in.onArray()) {
            in.objects(this::block);
        } else if (in.onObject()) {
            in.members(this::block);
        } else {
            in.text();
        }
    }

    private void block(String name) {
        switch (name) {
            case "text", "thinking", "title", "context", "name", "stdout", "stderr" -> in.text();
            case "input" -> in.json();
            case "content" -> content();
            case "source" -> source();
            default -> in.skip();
        }
    }

    private void source() {
        if (!in.onObject()) {
            in.text();
            return;
        }
        Source source = new Source();
        in.members(source::member);
        if (source.plain && source.data >= 0) {
            in.textAt(source.data);
        }
    }

    /** Holds {@code data} until the type is known, which may come after it. */
    private final class Source {
        private boolean plain;
        private int data = -1;

        private void member(String name) {
            switch (name) {
                case "type" -> plain = in.is("text");
                case "data" -> {
                    data = in.onString() ? in.offset() : -1;
                    in.skip();
                }
                case "content" -> content();
                default -> in.skip();
            }
        }
    }

    private void tool(String name) {
        ChatText.described(in, name, SCHEMA);
    }

    private void output(String name) {
        if (name.equals("format")) {
            in.members(this::schema);
        } else {
            in.skip();
        }
    }

    private void schema(String name) {
        if (name.equals("schema")) {
            in.json();
        } else {
            in.skip();
        }
    }
}
