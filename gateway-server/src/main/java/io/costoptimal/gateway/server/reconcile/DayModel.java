package io.costoptimal.gateway.server.reconcile;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * A day and a model.
 *
 * @param day in UTC
 * @param model without the date of a snapshot, because what is asked for as {@code gpt-4o} is billed as
 *     {@code gpt-4o-2024-08-06}
 */
record DayModel(LocalDate day, String model) implements Comparable<DayModel> {

    private static final Pattern SNAPSHOT = Pattern.compile("-(?:\\d{4}-\\d{2}-\\d{2}|\\d{8})$");

    private static final Comparator<DayModel> ORDER =
            Comparator.comparing(DayModel::day).thenComparing(DayModel::model);

    DayModel {
        model = SNAPSHOT.matcher(model).replaceFirst("");
    }

    @Override
    public int compareTo(DayModel other) {
        return ORDER.compare(this, other);
    }
}
