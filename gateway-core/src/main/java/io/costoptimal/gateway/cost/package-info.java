/**
 * Prices, and which candidate a request is cheapest at. Pure: no network, no clock but the one given, no thread. Imports
 * {@code exchange} only.
 *
 * <p>Usable alone:
 *
 * <pre>{@code
 * ModelPrice here = ModelPrice.builder()
 *         .model("openai/gpt-4o").tokenizer("o200k_base").window(128_000).maxOutput(16_384)
 *         .price(TokenClass.INPUT, 2_500_000_000L)        // nano-dollars per million tokens: 2.50 USD
 *         .price(TokenClass.OUTPUT, 10_000_000_000L)
 *         .build();
 * CostChooser chooser = new CostChooser(List.of(here, there));   // once for a list of candidates
 * Ranking ranking = new Ranking();                               // once for a thread
 * Demand demand = new Demand(1, 1000, -1, true, null);           // one answer of at most 1000 tokens to a text
 * if (chooser.choose(demand, TokenSource.bounds(0, 8192), ranking)) {
 *     int best = ranking.candidate(0);
 *     Certainty sure = ranking.certainty();                      // PROVEN: never dearer than any other
 * } else {
 *     // The bounds do not decide. Ask again with a source that counts, where that may take its time.
 * }
 * }</pre>
 */
package io.costoptimal.gateway.cost;
