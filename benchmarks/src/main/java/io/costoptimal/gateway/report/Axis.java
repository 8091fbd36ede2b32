package io.costoptimal.gateway.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Where values stand between 0 and 1, and which of them are named. Immutable.
 *
 * @param low stands at 0, as does what is below
 * @param high stands at 1
 * @param step between what is named; 0 when equal steps are equal factors
 */
record Axis(double low, double high, double step) {

    /** Beyond this factor between smallest and largest, small differences would be nothing on a linear axis. */
    private static final double LOG_FROM = 20;

    private static final double[] STEPS = {1, 2, 5, 10};

    /** From zero to the next round number above all of {@code values}; from below zero if there are such. */
    static Axis linear(List<Double> values) {
        double most =
                values.stream().max(Double::compare).filter(max -> max > 0).orElse(1.0);
        double least = Math.min(0, values.stream().min(Double::compare).orElse(0.0));
        double step = up((most - least) / 8);
        return new Axis(Math.floor(least / step) * step, Math.ceil(most / step - 1e-9) * step, step);
    }

    /** As {@link #linear}, unless what is above zero of {@code values} is far apart. */
    static Axis logIfWide(List<Double> values) {
        double most = values.stream().max(Double::compare).orElse(1.0);
        double least =
                values.stream().filter(value -> value > 0).min(Double::compare).orElse(most);
        return most <= LOG_FROM * least ? linear(values) : new Axis(-up(-least), up(most), 0);
    }

    /** The next 1, 2 or 5 times a power of ten: upwards, and for a negative number downwards from its amount. */
    private static double up(double value) {
        double amount = Math.abs(value);
        double power = Math.pow(10, Math.floor(Math.log10(amount)));
        double best = power;
        for (double step : STEPS) {
            if (value < 0 && step * power <= amount * (1 + 1e-9)) {
                best = step * power;
            }
            if (value > 0 && step * power >= amount * (1 - 1e-9)) {
                return step * power;
            }
        }
        return value < 0 ? -best : best;
    }

    boolean log() {
        return step == 0;
    }

    /** Between 0 and 1. */
    double at(double value) {
        double place =
                log() ? Math.log(Math.max(low, value) / low) / Math.log(high / low) : (value - low) / (high - low);
        return Math.min(1, Math.max(0, place));
    }

    /** What is named, from low to high. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        for (double tick = low; tick <= high * (1 + 1e-9); tick = log() ? up(tick * 1.01) : low + ticks.size() * step) {
            ticks.add(tick);
        }
        return ticks;
    }
}
