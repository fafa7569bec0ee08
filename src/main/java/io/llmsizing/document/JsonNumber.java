package io.llmsizing.document;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * A number of a JSON document, kept as its digits so that nothing is rounded.
 *
 * @param digits as written
 */
record JsonNumber(String digits) {
    private static final int SURELY_A_LONG = 18;

    /**
     * The number if it is whole and fits a {@code long}. {@code 1e308} is neither read nor expanded.
     *
     * @return the whole number, or nothing
     */
    Optional<Long> whole() {
        if (digits.length() <= SURELY_A_LONG && digits.chars().allMatch(Character::isDigit)) {
            return Optional.of(Long.parseLong(digits));
        }
        try {
            BigDecimal value = new BigDecimal(digits);
            if (value.precision() - value.scale() > 19 || value.scale() > 400) {
                return Optional.empty();
            }
            return Optional.of(value.longValueExact());
        } catch (ArithmeticException | NumberFormatException notWhole) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return digits;
    }
}
