package io.costoptimal.gateway.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RequestFacts.Content;
import io.costoptimal.gateway.exchange.RequestFacts.Output;
import io.costoptimal.gateway.inspect.Cuts.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The scanner against Jackson's blocking parser: same verdict, same facts, wherever the document is cut. */
class JsonScannerOracleTest {

    private static final int MAX_DEPTH = 200;
    private static final int SMALL = 2048;

    private final Cuts cuts = new Cuts(MAX_DEPTH);
    private final JsonOracle oracle = new JsonOracle(MAX_DEPTH);

    /** One of JSONTestSuite's. */
    private record Case(String name, String expect, byte[] bytes) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void agreesOnGeneratedDocumentsAtEveryCut(long seed) {
        Documents documents = new Documents(new SplittableRandom(seed));
        int total = 26_000;
        int accepted = 0;
        int withModel = 0;
        int notOnlyText = 0;
        for (int i = 0; i < total; i++) {
            Verdict verdict = agrees("seed " + seed + ", document " + i, documents.next());
            accepted += verdict.accepted() ? 1 : 0;
            withModel += verdict.accepted() && verdict.facts().model().name() != null ? 1 : 0;
            notOnlyText += verdict.accepted() && !verdict.facts().content().equals(Content.TEXT) ? 1 : 0;
        }
        // Otherwise the documents would say little.
        assertThat(accepted).isBetween(total / 4, total * 3 / 4);
        assertThat(withModel).isGreaterThan(total / 10);
        assertThat(notOnlyText).isGreaterThan(total / 20);
    }

    @Test
    void agreesOnTheSuiteAsWholeBodies() throws IOException {
        for (Case one : suite()) {
            agrees(one.name, one.bytes);
        }
    }

    @Test
    void judgesTheSuiteInsideARequestAsTheSuiteDoes() throws IOException {
        for (Case one : suite()) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            body.writeBytes("{\"model\":\"m\",\"messages\":[],\"x\":".getBytes(StandardCharsets.UTF_8));
            body.writeBytes(one.bytes);
            body.write('}');
            Verdict verdict = agrees(one.name, body.toByteArray());
            switch (one.expect) {
                case "accept" -> {
                    assertThat(verdict.fault()).as(one.name).isNull();
                    assertThat(verdict.facts().model().name()).as(one.name).isEqualTo("m");
                }
                case "reject" -> assertThat(verdict.accepted()).as(one.name).isFalse();
                default -> {} // The suite leaves it open; agreeing with the oracle at every cut is all there is to
                // check.
            }
        }
    }

    private Verdict agrees(String name, byte[] document) {
        Verdict verdict = cuts.every(document, document.length <= SMALL ? 1 : document.length / 199);
        if (!Objects.equals(verdict.facts(), oracle.facts(document))) {
            throw new AssertionError(name + ": " + verdict + ", oracle: " + oracle.facts(document) + ", document: "
                    + Documents.show(document));
        }
        sameWithoutContent(name, verdict, cuts.withoutContent(document));
        return verdict;
    }

    private static void sameWithoutContent(String name, Verdict verdict, Verdict without) {
        assertThat(without.fault()).as(name).isEqualTo(verdict.fault());
        if (verdict.accepted()) {
            RequestFacts facts = verdict.facts();
            assertThat(without.facts())
                    .as(name)
                    .isEqualTo(new RequestFacts(
                            facts.model(),
                            facts.streaming(),
                            new Output(
                                    facts.maxTokens(), without.facts().output().answers()),
                            Content.UNKNOWN,
                            facts.bytes()));
        }
    }

    private static List<Case> suite() throws IOException {
        Path file = Path.of("").toAbsolutePath();
        while (file != null && !Files.exists(file.resolve("shared/corpora/json/cases.jsonl"))) {
            file = file.getParent();
        }
        assumeTrue(file != null, "shared/corpora/json is not beside the project: JSONTestSuite is skipped");
        List<Case> cases = new ArrayList<>();
        for (String line : Files.readAllLines(file.resolve("shared/corpora/json/cases.jsonl"))) {
            cases.add(parse(line));
        }
        assertThat(cases).hasSizeGreaterThan(300);
        return cases;
    }

    private static Case parse(String line) {
        String name = null;
        String expect = null;
        byte[] bytes = null;
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), line)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = parser.currentName();
                parser.nextToken();
                switch (key) {
                    case "name" -> name = parser.getString();
                    case "expect" -> expect = parser.getString();
                    case "bytes_b64" -> bytes = Base64.getDecoder().decode(parser.getString());
                    default -> throw new IllegalArgumentException(key);
                }
            }
        }
        return new Case(name, expect, bytes);
    }
}
