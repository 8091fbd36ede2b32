package io.costoptimal.gateway.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page about the ledger has every column and every word. */
class LedgerPageTest {

    private static final Path PAGE = Path.of("../docs/ledger.md");

    @Test
    void describesEveryColumnInItsOrder() throws Exception {
        assertThat(words("## Rows", "| `outcome` | the attempt"))
                .isEqualTo(Column.ALL.stream().map(Column::word).toList());
    }

    @Test
    void describesEveryOutcomeAndEveryReason() throws Exception {
        assertThat(words("| `outcome` | the attempt", "| `failure` | what"))
                .containsExactlyElementsOf(Stream.of(AttemptOutcome.values())
                        .map(AttemptOutcome::word)
                        .toList());
        assertThat(words("| `reason` |", "## How long"))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Drop.values()).map(Drop::word).toList());
    }

    /** The first cells of the rows between two places. */
    private static List<String> words(String from, String to) throws Exception {
        String page = Files.readString(PAGE);
        int start = page.indexOf(from) + from.length();
        String part = page.substring(start, page.indexOf(to, start));
        return Pattern.compile("^\\| `(\\w+)` \\|", Pattern.MULTILINE)
                .matcher(part)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }
}
