package io.llmsizing.cli;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads whole numbers of options. Where a word is none, says what is, and the nearest that may be meant. */
final class WholeNumber {
    private static final Pattern WRITTEN = Pattern.compile("[+-]?\\d+");
    private static final Pattern GROUPED = Pattern.compile("\\d{1,3}([,_' ]\\d{3})+");
    private static final Pattern THOUSANDS = Pattern.compile("(\\d{1,9}) ?([kKmM])i?");

    private WholeNumber() {}

    /** Makes all options that take whole numbers read them so. */
    static CommandLine readBy(CommandLine line) {
        ITypeConverter<Long> longs = text -> read(text, Long.MAX_VALUE);
        ITypeConverter<Integer> ints = text -> (int) read(text, Integer.MAX_VALUE);
        return line.registerConverter(Long.class, longs)
                .registerConverter(long.class, longs)
                .registerConverter(Integer.class, ints)
                .registerConverter(int.class, ints);
    }

    private static long read(String text, long most) {
        String word = text.strip();
        if (!WRITTEN.matcher(word).matches()) {
            throw new TypeConversionException(
                    "'" + text + "' is not a whole number; at most " + most + ", " + wayOut(word));
        }
        BigInteger number = new BigInteger(word);
        if (number.abs().compareTo(BigInteger.valueOf(most)) > 0) {
            throw new TypeConversionException(
                    text + " is out of range; at most " + most + " is allowed, and what is asked for may allow less");
        }
        return number.longValue();
    }

    private static String wayOut(String word) {
        if (GROUPED.matcher(word).matches()) {
            return "in digits alone: " + word.replaceAll("\\D", "");
        }
        Matcher thousands = THOUSANDS.matcher(word);
        if (!thousands.matches()) {
            return "in digits, such as 8192";
        }
        int powers = thousands.group(2).equalsIgnoreCase("k") ? 1 : 2;
        long count = Long.parseLong(thousands.group(1));
        return "in digits: " + (count << (10 * powers)) + ", or " + count * (powers == 1 ? 1_000 : 1_000_000);
    }
}
