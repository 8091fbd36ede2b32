package io.costoptimal.gateway.server.reconcile;

import io.costoptimal.gateway.server.ledger.Column;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;

/**
 * Reads a provider's figures: pages of OpenAI's organization usage ({@code /v1/organization/usage/completions}), pages of
 * Anthropic's usage report ({@code /v1/organizations/usage_report/messages}), one after the other in one file, or CSV. Stateless.
 */
public final class FiguresReader {

    private static final String OPENAI = "openai";
    private static final String ANTHROPIC = "anthropic";
    private static final String GROUP = "a model for each result (ask for it with group_by=model)";

    private FiguresReader() {}

    /**
     * Reads a file.
     *
     * @throws FiguresException when it is none of these, naming the place
     */
    public static ProviderFigures read(String text) throws FiguresException {
        String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
        if (!content.stripLeading().startsWith("{")) {
            return CsvFigures.read(content);
        }
        List<Object> pages;
        try {
            pages = JsonTree.all(content);
        } catch (JacksonException e) {
            throw new FiguresException("no JSON: " + e.getOriginalMessage());
        }
        boolean anthropic = content.contains("\"starting_at\"");
        ProviderFigures figures = new ProviderFigures(anthropic ? ANTHROPIC : OPENAI);
        for (Object page : pages) {
            for (Object bucket : list(member(page, "data"), "data")) {
                if (anthropic) {
                    anthropic(figures, bucket);
                } else {
                    openAi(figures, bucket);
                }
            }
        }
        if (Boolean.TRUE.equals(member(pages.get(pages.size() - 1), "has_more"))) {
            figures.isCut();
        }
        return figures;
    }

    /** Input there is all of it; what was cached or written to the cache is a part. */
    private static void openAi(ProviderFigures figures, Object bucket) throws FiguresException {
        LocalDate day = Instant.ofEpochSecond(number(bucket, "start_time"))
                .atZone(ZoneOffset.UTC)
                .toLocalDate();
        figures.cover(day);
        figures.tells(Column.INPUT_TOKENS);
        figures.tells(Column.CACHED_INPUT_TOKENS);
        figures.tells(Column.OUTPUT_TOKENS);
        for (Object result : list(member(bucket, "results"), "results")) {
            long cached = number(result, "input_cached_tokens");
            long written = number(result, "input_cache_write_tokens");
            DayModel of = new DayModel(day, model(result));
            figures.add(of, Column.INPUT_TOKENS, uncached(number(result, "input_tokens"), cached + written, of));
            figures.add(of, Column.CACHED_INPUT_TOKENS, cached);
            figures.add(of, Column.CACHE_WRITE_TOKENS, written);
            figures.add(of, Column.OUTPUT_TOKENS, number(result, "output_tokens"));
        }
    }

    private static long uncached(long input, long others, DayModel of) throws FiguresException {
        if (input < others) {
            throw new FiguresException(of.day() + " " + of.model() + ": input_tokens: " + input + " (expected: "
                    + others + " or more, since input_cached_tokens and input_cache_write_tokens are parts of it)");
        }
        return input - others;
    }

    private static void anthropic(ProviderFigures figures, Object bucket) throws FiguresException {
        LocalDate day;
        try {
            day = OffsetDateTime.parse(String.valueOf(member(bucket, "starting_at")))
                    .withOffsetSameInstant(ZoneOffset.UTC)
                    .toLocalDate();
        } catch (DateTimeException e) {
            throw new FiguresException("starting_at: " + member(bucket, "starting_at") + " (expected: a time)");
        }
        figures.cover(day);
        Tokens.CLASSES.forEach(figures::tells);
        for (Object result : list(member(bucket, "results"), "results")) {
            Object creation = member(result, "cache_creation");
            DayModel of = new DayModel(day, model(result));
            figures.add(of, Column.INPUT_TOKENS, number(result, "uncached_input_tokens"));
            figures.add(of, Column.CACHED_INPUT_TOKENS, number(result, "cache_read_input_tokens"));
            figures.add(of, Column.CACHE_WRITE_TOKENS, number(creation, "ephemeral_5m_input_tokens"));
            figures.add(of, Column.CACHE_WRITE_1H_TOKENS, number(creation, "ephemeral_1h_input_tokens"));
            figures.add(of, Column.OUTPUT_TOKENS, number(result, "output_tokens"));
        }
    }

    private static String model(Object result) throws FiguresException {
        if (member(result, "model") instanceof String model) {
            return model;
        }
        throw new FiguresException("model: " + member(result, "model") + " (expected: " + GROUP + ")");
    }

    /** {@code null} when it is absent, or {@code object} is none. */
    private static Object member(Object object, String name) {
        return object instanceof Map<?, ?> map ? map.get(name) : null;
    }

    private static List<?> list(Object value, String name) throws FiguresException {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new FiguresException(
                name + ": " + value + " (expected: a page of OpenAI's organization usage or Anthropic's usage report)");
    }

    /** 0 when it is absent. */
    private static long number(Object object, String name) throws FiguresException {
        Object value = member(object, name);
        if (value == null) {
            return 0;
        }
        if (value instanceof Long number && number >= 0) {
            return number;
        }
        throw new FiguresException(name + ": " + value + " (expected: a whole number)");
    }
}
