package io.costoptimal.gateway.inspect;

/**
 * Why a body was refused, and where. Never holds a byte of the body.
 *
 * @param kind what was wrong
 * @param member the member it was about, {@code model} for instance; {@code null} when it was the JSON itself
 * @param offset of the byte that proved it; for a member, of its opening quote or of its value's first byte
 */
public record JsonFault(Kind kind, String member, int offset) {

    /** Everything the scanner refuses. */
    public enum Kind {
        EMPTY("the body is empty"),
        BLANK("the body is blank"),
        ENCODING("expected UTF-8 without a byte order mark"),
        ROOT_ARRAY("expected an object, found an array"),
        ROOT_STRING("expected an object, found a string"),
        ROOT_NUMBER("expected an object, found a number"),
        ROOT_LITERAL("expected an object, found a literal"),
        ROOT_OTHER("expected an object"),
        MEMBER_OR_END("expected a member name or `}`"),
        MEMBER("expected a member name"),
        COLON("expected `:`"),
        ELEMENT_OR_END("expected a value or `]`"),
        VALUE("expected a value"),
        COMMA_OR_BRACE("expected `,` or `}`"),
        COMMA_OR_BRACKET("expected `,` or `]`"),
        TRAILING("unexpected data after the end of the object"),
        TOO_SHORT("the body ends inside the object"),
        TOO_DEEP("objects and arrays are nested too deeply"),
        CONTROL("unescaped control character in a string"),
        ESCAPE("unknown escape in a string"),
        HEX("expected four hexadecimal digits after `\\u`"),
        UTF8("invalid UTF-8 in a string"),
        NUMBER("malformed number"),
        LITERAL("expected `true`, `false` or `null`"),
        DUPLICATE("it appears more than once"),
        SPELLING("its name must be spelled exactly so, in lower case"),
        NOT_A_STRING("it must be a string"),
        EMPTY_STRING("it must not be empty"),
        TOO_LONG("it must not be longer than " + Unescaped.CAPACITY + " bytes"),
        CONTROL_CHARACTER("it must not contain control characters"),
        DOT_SEGMENT("it must not contain `.` or `..` between slashes"),
        LONE_SURROGATE("it must not contain an unpaired surrogate");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** What is wrong with a document whose first byte that is not blank is {@code b}. */
        static Kind insteadOfObject(byte b, boolean firstOfAll) {
            return switch (b) {
                case '[' -> ROOT_ARRAY;
                case '"' -> ROOT_STRING;
                case 't', 'f', 'n' -> ROOT_LITERAL;
                case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> ROOT_NUMBER;
                default -> firstOfAll && b <= 0 ? ENCODING : ROOT_OTHER;
            };
        }
    }

    /** A sentence for the client. */
    public String message() {
        String what = member == null ? "JSON" : "`" + member + "`";
        return "Invalid " + what + " in the request body at byte " + offset + ": " + kind.text + ".";
    }
}
