package io.costoptimal.gateway.tokens;

import io.costoptimal.gateway.exchange.BodyText;
import java.util.Set;

/** What is text in the documents that the APIs answer with: what the model put out, each string by itself. */
public final class AnswerTexts {

    /** Of {@code /v1/chat/completions}, and of legacy completions. */
    public static final BodyText.Walker CHAT = in -> name -> chat(in, name);

    /** Of {@code /v1/responses}. */
    public static final BodyText.Walker RESPONSES = in -> name -> {
        if (name.equals("output")) {
            in.objects(member -> item(in, member));
        } else {
            in.skip();
        }
    };

    /** Of {@code /v1/messages}. */
    public static final BodyText.Walker MESSAGES = in -> name -> {
        if (name.equals("content")) {
            in.objects(member -> block(in, member));
        } else {
            in.skip();
        }
    };

    private static final Set<String> ITEM_TEXT = Set.of("arguments", "input", "code");

    private AnswerTexts() {}

    private static void chat(BodyText in, String name) {
        if (name.equals("choices")) {
            in.objects(member -> choice(in, member));
        } else {
            in.skip();
        }
    }

    private static void choice(BodyText in, String name) {
        switch (name) {
            case "text" -> in.text();
            case "message" -> {
                Twins reasoning = new Twins(in);
                in.members(member -> message(in, member, reasoning));
            }
            default -> in.skip();
        }
    }

    private static void message(BodyText in, String name, Twins reasoning) {
        switch (name) {
            case "content", "refusal" -> in.text();
            case "reasoning_content", "reasoning" -> reasoning.text();
            case "tool_calls" -> in.objects(member -> call(in, member));
            case "function_call" -> in.members(member -> arguments(in, member));
            default -> in.skip();
        }
    }

    private static void call(BodyText in, String name) {
        if (name.equals("function") || name.equals("custom")) {
            in.members(member -> arguments(in, member));
        } else {
            in.skip();
        }
    }

    private static void arguments(BodyText in, String name) {
        if (name.equals("arguments") || name.equals("input")) {
            in.text();
        } else {
            in.skip();
        }
    }

    private static void item(BodyText in, String name) {
        if (name.equals("content") || name.equals("summary")) {
            in.objects(member -> part(in, member));
        } else if (ITEM_TEXT.contains(name)) {
            in.text();
        } else {
            in.skip();
        }
    }

    private static void part(BodyText in, String name) {
        if (name.equals("text") || name.equals("refusal")) {
            in.text();
        } else {
            in.skip();
        }
    }

    private static void block(BodyText in, String name) {
        switch (name) {
            case "text", "thinking" -> in.text();
            case "input" -> in.json();
            default -> in.skip();
        }
    }

    /** Two names of one text, since some providers write it twice: the first that is a string counts. */
    private static final class Twins {

        private final BodyText in;
        private boolean seen;

        private Twins(BodyText in) {
            this.in = in;
        }

        private void text() {
            if (seen || !in.onString()) {
                in.skip();
            } else {
                seen = true;
                in.text();
            }
        }
    }
}
