package io.costoptimal.gateway.bench;

import java.util.Random;

/** Kinds of text that cost a tokenizer and a scanner differently. The same text every time. */
public enum Text {
    /** English sentences and paragraphs. */
    PROSE {
        @Override
        void append(StringBuilder out, Random random) {
            int words = 6 + random.nextInt(14);
            for (int i = 0; i < words; i++) {
                String word = one(WORDS, random);
                out.append(i == 0 ? Character.toUpperCase(word.charAt(0)) + word.substring(1) : word);
                out.append(i + 1 == words ? "." : i % 7 == 6 ? ", " : " ");
            }
            out.append(random.nextInt(6) == 0 ? "\n\n" : " ");
        }
    },
    /** Lines as a program has them: much punctuation, short words, line ends that JSON escapes. */
    CODE {
        @Override
        void append(StringBuilder out, Random random) {
            out.append(" ".repeat(4 * random.nextInt(4)))
                    .append("if (")
                    .append(one(WORDS, random))
                    .append("[i] != ")
                    .append(random.nextInt(1000))
                    .append(") { ")
                    .append(one(WORDS, random))
                    .append(".put(\"")
                    .append(one(WORDS, random))
                    .append("\", ")
                    .append(one(WORDS, random))
                    .append("_")
                    .append(one(WORDS, random))
                    .append("); }\n");
        }
    },
    /** Frequent Chinese characters, with a punctuation mark every dozen. */
    CJK {
        @Override
        void append(StringBuilder out, Random random) {
            int characters = 5 + random.nextInt(14);
            for (int i = 0; i < characters; i++) {
                out.append(HAN.charAt(random.nextInt(HAN.length())));
            }
            out.append(random.nextBoolean() ? '，' : '。');
        }
    },
    /** Letters at random without a blank: one word that no tokenizer has in its table. */
    HOSTILE {
        @Override
        void append(StringBuilder out, Random random) {
            out.append((char) ('a' + random.nextInt(26)));
        }
    };

    private static final String[] WORDS =
            ("the of and to in that it is was for on are with as his they be at one have this from or had by hot word but"
                            + " what some we can out other were all there when up use your how said an each she which do"
                            + " their time if will way about many then them write would like so these her long make thing"
                            + " see him two has look more day could go come did number sound no most people over know"
                            + " water than call first who may down side been now find any new work part take get place"
                            + " made live where after back little only round man year came show every good me give our"
                            + " under name very through just form sentence great think say help low line differ turn"
                            + " cause much mean before move right boy old too same tell does set three want air well also"
                            + " play small end put home read hand port large spell add even land here must big high such"
                            + " follow act why ask men change went light kind off need house picture try us again animal"
                            + " point mother world near build self earth father")
                    .split(" ");

    private static final String HAN = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部"
            + "度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正";

    /** A sentence, a line, or a letter. */
    abstract void append(StringBuilder out, Random random);

    /** At least {@code bytes} bytes of this text in UTF-8. */
    public String atLeast(int bytes) {
        Random random = new Random(20261122);
        int width = this == CJK ? 3 : 1;
        StringBuilder out = new StringBuilder(bytes / width + 256);
        while (out.length() * width < bytes) {
            append(out, random);
        }
        return out.toString();
    }

    private static String one(String[] of, Random random) {
        return of[random.nextInt(of.length)];
    }
}
