package io.costoptimal.gateway.server.config;

import java.util.List;

/** What may be written behind a key. Immutable. */
sealed interface Form {

    /** Forms that need no more description than their name. */
    enum Plain implements Form {
        /** One line of text; a number counts as text. */
        TEXT,
        /** Text that is never shown. */
        SECRET,
        /** {@code true} or {@code false}. */
        FLAG,
        /** A rule, in which no variable is replaced. */
        RULE
    }

    /** A number between the ends of {@code range}, with a unit if it has one. */
    record Number(Range range) implements Form {}

    /** One of a few words. */
    record Word(List<String> words) implements Form {

        static Word of(String... words) {
            return new Word(List.of(words));
        }
    }

    /**
     * Text of one shape.
     *
     * @param regex what the whole text matches, in the common part of Java's and ECMAScript's regular expressions
     */
    record Pattern(String regex) implements Form {}

    /** A list whose items all have the form {@code item}. */
    record ListOf(Form item) implements Form {}

    /** A map with the keys of {@code table}. */
    record MapOf(Table table) implements Form {}

    /** A map whose keys the operator chooses. */
    record OwnKeys(Form value) implements Form {}

    /** Any of several forms. */
    record Either(List<Form> forms) implements Form {

        static Either of(Form... forms) {
            return new Either(List.of(forms));
        }
    }

    /** The form of the items, where this is a list or may be one; {@link Plain#TEXT} elsewhere. */
    default Form item() {
        if (this instanceof ListOf list) {
            return list.item();
        }
        return this instanceof Either either
                ? either.forms().stream()
                        .filter(ListOf.class::isInstance)
                        .findFirst()
                        .map(Form::item)
                        .orElse(Plain.TEXT)
                : Plain.TEXT;
    }

    /** The table of the keys, where this is a map or may be one; a map of the operator's own keys has none. */
    default Table table() {
        if (this instanceof MapOf map) {
            return map.table();
        }
        return this instanceof Either either
                ? either.forms().stream()
                        .filter(MapOf.class::isInstance)
                        .findFirst()
                        .map(Form::table)
                        .orElse(Table.NONE)
                : Table.NONE;
    }

    /** The form of the values, where this is a map of the operator's own keys or may be one; {@link Plain#TEXT} elsewhere. */
    default Form ownValue() {
        if (this instanceof OwnKeys map) {
            return map.value();
        }
        return this instanceof Either either
                ? either.forms().stream()
                        .filter(OwnKeys.class::isInstance)
                        .findFirst()
                        .map(Form::ownValue)
                        .orElse(Plain.TEXT)
                : Plain.TEXT;
    }
}
