package io.costoptimal.gateway.report;

import java.util.Map;

/**
 * How a benchmark class is told of.
 *
 * @param title what it measures
 * @param note for the reader of the table; may be empty
 * @param throughput whether the parameter {@code bytes} by the time is a figure worth having
 */
record Microbenchmark(String title, String note, boolean throughput) {

    private static final Map<String, Microbenchmark> KNOWN = Map.ofEntries(
            known(
                    "ExchangeBenchmark",
                    "A whole exchange, without sockets",
                    "Two rules, one key, one provider. `answer` has a length, `stream` has 52 events in one read each.",
                    false),
            known(
                    "JsonScannerBenchmark",
                    "Finding the model in a request body",
                    "The body comes in reads of 16 KB and is read to its end by all three.",
                    true),
            known("ChunkScannerBenchmark", "One read of a chunked answer", "", false),
            known(
                    "ResponseHeadBenchmark",
                    "A provider's head, read and written for the client",
                    "`gateway` writes it where it lies, `copied` into a buffer of its own.",
                    false),
            known("RequestHeadBenchmark", "The head of a provider's request", "", false),
            known("KeyRingBenchmark", "Whose key it is", "SHA-256 is nearly all of it.", false),
            known(
                    "RuleBenchmark",
                    "One rule",
                    "On a body of 8 KB, of which nothing was counted. Aviator is given a count for nothing.",
                    false),
            known("RouterBenchmark", "A decision, when the last rule matches", "", false),
            known(
                    "TokenCountBenchmark",
                    "`TokenCount > 12000`",
                    "`fullCount` counts the same body to its end; `jtokkit` is the tokenizer on as much text.",
                    false),
            known(
                    "CostChooserBenchmark",
                    "The cheapest of two to four candidates",
                    "`bounds` is what the event loop does, `decided` includes the count of those requests that need one.",
                    false),
            known("JournalBenchmark", "An exchange in the journal", "", false),
            known("UpstreamPoolBenchmark", "Lease and release of a connection", "", false),
            known(
                    "UsageTapBenchmark",
                    "Reading the usage of a whole answer",
                    "52 events, or one document of 8 KB.",
                    false),
            known(
                    "CompressedAnswerBenchmark",
                    "Reading the usage of an answer that comes compressed",
                    "`plain` is what the gateway asks providers for.",
                    false));

    private static Map.Entry<String, Microbenchmark> known(String name, String title, String note, boolean throughput) {
        return Map.entry(name, new Microbenchmark(title, note, throughput));
    }

    /** By simple class name, which is the title of one that nobody described. */
    static Microbenchmark of(String name) {
        return KNOWN.getOrDefault(name, new Microbenchmark(name, "", false));
    }
}
