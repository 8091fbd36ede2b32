package io.costoptimal.gateway.exchange;

/**
 * What one model costs at one provider. Immutable, any thread.
 *
 * <p>Money is whole nano-dollars (a billionth of a US dollar). A price of tokens is nano-dollars for a million of them, so
 * 2.50 USD per million is 2 500 000 000.
 */
public interface Price {

    /**
     * What an attempt costs, in nano-dollars, rounded half up once.
     *
     * @param usage what was used; a class of tokens that was not told (-1) costs nothing
     * @param answered whether the answer's status was below 400, so that the fee for a request is due
     */
    long cost(Usage usage, boolean answered);

    /**
     * Whether {@code usage} has something that this price does not name, so that {@link #cost} is not the whole truth: tokens
     * of a class without a price, or some of {@link Usage#extras}.
     */
    boolean partial(Usage usage);

    /** The model's name in the catalogue, as {@code vendor/model}; {@code null} when nobody said which model it is. */
    String model();

    /** Which table the price came from, and of which day; never {@code null}. */
    String version();

    /** The most tokens that input and output have together; -1 when not known. */
    long contextWindow();

    /** The most tokens that the model puts out; -1 when not known. */
    long maxOutput();

    /** What a million tokens of uncached input cost where no tier by length applies. */
    long inputPrice();

    /** What a million tokens of output cost where no tier by length applies. */
    long outputPrice();
}
