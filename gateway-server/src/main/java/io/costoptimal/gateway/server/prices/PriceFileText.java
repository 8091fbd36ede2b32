package io.costoptimal.gateway.server.prices;

import io.costoptimal.gateway.cost.TokenClass;
import java.util.List;
import java.util.stream.Collectors;

/** Writes a list of prices as {@link PriceFile} reads it. Stateless. */
final class PriceFileText {

    private PriceFileText() {}

    /**
     * The whole text, models in the order of {@code list}.
     *
     * @param remark one line that says where the prices come from
     */
    static String of(PriceList list, String remark) {
        StringBuilder out = new StringBuilder(64 * 1024);
        out.append("# ").append(remark).append('\n');
        out.append(PriceFile.DATE).append(list.date()).append('\n');
        out.append(String.join(",", PriceFile.columns())).append('\n');
        list.vendors()
                .forEach((vendor, models) -> models.forEach((model, tariff) -> {
                    row(out, vendor, model, null, tariff);
                    tariff.tiers().forEach(tier -> row(out, vendor, model, tier, tariff));
                }));
        return out.toString();
    }

    private static void row(StringBuilder out, String vendor, String model, Tariff.Tier tier, Tariff tariff) {
        List<String> cells = PriceFile.columns().stream()
                .map(column -> switch (column) {
                    case PriceFile.VENDOR -> vendor;
                    case PriceFile.MODEL -> model;
                    case PriceFile.ABOVE -> tier == null ? "" : Long.toString(tier.above());
                    case PriceFile.PER_REQUEST ->
                        tier != null || tariff.perRequest() == 0 ? "" : Usd.show(tariff.perRequest());
                    case PriceFile.CONTEXT -> tier == null ? limit(tariff.context()) : "";
                    case PriceFile.MAX_OUTPUT -> tier == null ? limit(tariff.maxOutput()) : "";
                    default -> price(tier == null ? tariff.base() : tier.rates(), column);
                })
                .toList();
        out.append(cells.stream().map(CsvLine::cell).collect(Collectors.joining(",")))
                .append('\n');
    }

    private static String limit(long tokens) {
        return tokens == Tariff.UNKNOWN ? "" : Long.toString(tokens);
    }

    private static String price(Rates rates, String column) {
        for (TokenClass kind : TokenClass.values()) {
            if (Rates.key(kind).equals(column) && rates.says(kind)) {
                return Usd.show(rates.of(kind));
            }
        }
        return "";
    }
}
