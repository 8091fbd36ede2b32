package io.costoptimal.gateway.server.simulator.objects;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Speech from text and text from speech. */
final class Audio implements Family {

    private static final String TEXT = "This is a simulated transcript.";

    @Override
    public void addTo(Rows rows) {
        rows.on("POST", "audio/speech", Audio::speech);
        rows.on("POST", "audio/transcriptions", Audio::transcript);
        rows.on("POST", "audio/translations", Audio::transcript);
    }

    private static Given speech(Call call) {
        byte[] sound = new byte[8 * 1024];
        for (int i = 0; i < sound.length; i++) {
            sound[i] = (byte) (i * 31);
        }
        if (!"sse".equals(call.member("stream_format"))) {
            return new Given.Body("audio/" + call.text("response_format", "mp3").replace("mp3", "mpeg"), sound);
        }
        String half = Base64.getEncoder().encodeToString(Arrays.copyOf(sound, sound.length / 2));
        return Given.events(List.of(
                Shape.of("type", "speech.audio.delta", "audio", half),
                Shape.of("type", "speech.audio.delta", "audio", half),
                Shape.of(
                        "type",
                        "speech.audio.done",
                        "usage",
                        Shape.of("input_tokens", 14, "output_tokens", 101, "total_tokens", 115))));
    }

    private static Given transcript(Call call) {
        call.form().file("file");
        if (call.streams()) {
            return Given.events(List.of(
                    Shape.of("type", "transcript.text.delta", "delta", "This is "),
                    Shape.of("type", "transcript.text.delta", "delta", "a simulated transcript."),
                    Shape.of("type", "transcript.text.done", "text", TEXT, "usage", usage())));
        }
        return switch (call.text("response_format", "json")) {
            case "json" -> Given.json(Shape.of("text", TEXT, "usage", usage()));
            case "verbose_json" ->
                Given.json(Shape.of(
                        "task",
                        "transcribe",
                        "language",
                        "english",
                        "duration",
                        2.5,
                        "text",
                        TEXT,
                        "segments",
                        List.of(),
                        "usage",
                        Shape.of("type", "duration", "seconds", 3)));
            case "srt" -> text("1\n00:00:00,000 --> 00:00:02,500\n" + TEXT + "\n");
            case "vtt" -> text("WEBVTT\n\n00:00:00.000 --> 00:00:02.500\n" + TEXT + "\n");
            default -> text(TEXT + "\n");
        };
    }

    private static Given text(String text) {
        return new Given.Body("text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Object> usage() {
        return Shape.of(
                "type", "tokens",
                "input_tokens", 14,
                "input_token_details", Shape.of("text_tokens", 0, "audio_tokens", 14),
                "output_tokens", 6,
                "total_tokens", 20);
    }
}
