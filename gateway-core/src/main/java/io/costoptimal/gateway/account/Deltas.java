package io.costoptimal.gateway.account;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.costoptimal.gateway.exchange.TextDialect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The names of the members that hold a stream's text. Immutable. */
public final class Deltas implements TextDialect {

    /** Of chats. */
    public static final TextDialect CHAT = new Deltas(
            names(Member.TEXT, "content", "refusal", "arguments"),
            names(Member.TWIN, "reasoning_content", "reasoning"),
            names(Member.OTHER, "audio", "images"));

    /** Of legacy completions. */
    public static final TextDialect COMPLETIONS = new Deltas(names(Member.TEXT, "text"));

    /** Of {@code /v1/responses}: whole texts follow under other names, and are not counted again. */
    public static final TextDialect RESPONSES = new Deltas(
            names(Member.TEXT, "delta"), names(Member.OTHER, "partial_image_b64"), names(Member.TYPE, "type"));

    /** Of {@code /v1/messages}. */
    public static final TextDialect MESSAGES = new Deltas(names(Member.TEXT, "text", "thinking", "partial_json"));

    private static final byte[] SOUND = "response.audio.delta".getBytes(US_ASCII);

    /** A name with the quote before it. */
    private record Named(byte[] name, Member member) {}

    private final Named[] all;
    /** A bit for the last letter of each name, by the letter's lowest six bits. */
    private final long lastLetters;

    @SafeVarargs
    private Deltas(List<Named>... names) {
        List<Named> together = new ArrayList<>();
        long letters = 0;
        for (List<Named> some : names) {
            for (Named named : some) {
                together.add(named);
                letters |= 1L << named.name[named.name.length - 1];
            }
        }
        all = together.toArray(new Named[0]);
        lastLetters = letters;
    }

    private static List<Named> names(Member member, String... names) {
        return Arrays.stream(names)
                .map(name -> new Named(('"' + name).getBytes(US_ASCII), member))
                .toList();
    }

    @Override
    public Member member(byte[] bytes, int from, int end) {
        if (end == from || (lastLetters >>> bytes[end - 1] & 1) == 0) {
            return null;
        }
        for (Named named : all) {
            int start = end - named.name.length;
            if (start >= from
                    && Arrays.equals(bytes, start, end, named.name, 0, named.name.length)
                    && (start == from || bytes[start - 1] != '\\')) {
                return named.member;
            }
        }
        return null;
    }

    @Override
    public boolean encoded(byte[] bytes, int from, int end) {
        return Arrays.equals(bytes, from, end, SOUND, 0, SOUND.length);
    }
}
