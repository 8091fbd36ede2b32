package io.costoptimal.gateway.server.config;

import java.util.List;

/**
 * One key of the format: a row of a {@link Table}. Immutable.
 *
 * @param name as it is written
 * @param form what may stand behind it
 * @param standard the default as it would be written; {@code null} when there is none, or when it depends on something
 * @param required whether a map without it is refused
 * @param about what it does, in one sentence, and what other programs call it
 */
record Setting(String name, Form form, String standard, boolean required, About about) {

    /**
     * What is told of a key.
     *
     * @param meaning a sentence for people, shown by editors
     * @param synonyms what other programs call it; only used to say what to write instead
     */
    record About(String meaning, List<String> synonyms) {}

    /** A key that may be left out and has no default. */
    static Setting of(String name, Form form, String meaning) {
        return new Setting(name, form, null, false, new About(meaning, List.of()));
    }

    /** A number, with the default that its range has. */
    static Setting of(Range range, String meaning) {
        return of(range.key(), new Form.Number(range), meaning)
                .standard(range.unit().show(range.standard()));
    }

    /** The same key with a default, as it would be written in the file. */
    Setting standard(String text) {
        return new Setting(name, form, text, required, about);
    }

    /** The same key, which must be there. */
    Setting needed() {
        return new Setting(name, form, standard, true, about);
    }

    /** The same key, recognised when it is written under a name that another program gives it. */
    Setting alsoKnownAs(String... words) {
        return new Setting(name, form, standard, required, new About(about.meaning, List.of(words)));
    }
}
