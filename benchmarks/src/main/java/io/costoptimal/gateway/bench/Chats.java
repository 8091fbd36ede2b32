package io.costoptimal.gateway.bench;

import java.nio.charset.StandardCharsets;

/** Chat requests and answers as the official clients and providers write them, to the byte as long as asked for. */
public final class Chats {

    /** Bytes of a message's text, about: a long chat is many messages, not one. */
    private static final int MESSAGE = 2000;

    private static final String MODEL = "\"model\":\"gpt-4o\"";

    private Chats() {}

    /**
     * A request with messages of {@code text}.
     *
     * @param bytes length of the body, at least 150
     * @param modelFirst whether {@code model} is the first member or the last
     */
    public static byte[] request(Text text, int bytes, boolean modelFirst) {
        String before = modelFirst ? "{" + MODEL + ",\"messages\":[" : "{\"messages\":[";
        String after = modelFirst ? "],\"stream\":false}" : "],\"stream\":false," + MODEL + "}";
        return (before + messages(text, bytes - before.length() - after.length()) + after)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String messages(Text text, int bytes) {
        String sample = text.atLeast(bytes);
        StringBuilder out = new StringBuilder(bytes);
        int left = bytes;
        int at = 0;
        for (boolean user = true; left > 0; user = !user) {
            String before = "{\"role\":\"" + (user ? "user" : "assistant") + "\",\"content\":\"";
            boolean last = left < 2 * MESSAGE;
            String after = last ? "\"}" : "\"},";
            int room = (last ? left : MESSAGE) - before.length() - after.length();
            left -= before.length() + room + after.length();
            out.append(before);
            at = escape(sample, at, out, room);
            out.append(after);
        }
        return out.toString();
    }

    /** Appends {@code room} bytes of JSON text, the last few of them blanks where a character would not fit. */
    private static int escape(String text, int from, StringBuilder out, int room) {
        int left = room;
        int at = from;
        while (left > 0) {
            char c = text.charAt(at);
            int width = c == '\n' || c == '"' ? 2 : c < 0x80 ? 1 : 3;
            if (width > left) {
                out.append(" ".repeat(left));
                return at;
            }
            if (width == 2) {
                out.append('\\').append(c == '\n' ? 'n' : c);
            } else {
                out.append(c);
            }
            left -= width;
            at++;
        }
        return at;
    }

    /** An answer that is one document, with usage at its end. */
    public static byte[] answer(int bytes) {
        String before = "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"gpt-4o\","
                + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"";
        String after = "\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}]," + usage() + "}";
        StringBuilder text = new StringBuilder(bytes);
        int room = bytes - before.length() - after.length();
        escape(Text.PROSE.atLeast(room), 0, text, room);
        return (before + text + after).getBytes(StandardCharsets.UTF_8);
    }

    /** An event of a streamed answer, of about 200 bytes; ends with its blank line. */
    public static byte[] event(String delta) {
        return bytes("{\"id\":\"chatcmpl-BQ0ysp34cL9Wd\",\"object\":\"chat.completion.chunk\",\"created\":1747000000,"
                + "\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + delta
                + "\"},\"finish_reason\":null}]}");
    }

    /** The event that carries usage, last but for {@link #done}. */
    public static byte[] usageEvent() {
        return bytes("{\"id\":\"chatcmpl-BQ0ysp34cL9Wd\",\"object\":\"chat.completion.chunk\",\"created\":1747000000,"
                + "\"model\":\"gpt-4o\",\"choices\":[]," + usage() + "}");
    }

    /** The event that ends a stream. */
    public static byte[] done() {
        return bytes("[DONE]");
    }

    private static byte[] bytes(String data) {
        return ("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String usage() {
        return "\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":100,\"total_tokens\":200,"
                + "\"prompt_tokens_details\":{\"cached_tokens\":64,\"audio_tokens\":0},"
                + "\"completion_tokens_details\":{\"reasoning_tokens\":0,\"audio_tokens\":0}}";
    }
}
