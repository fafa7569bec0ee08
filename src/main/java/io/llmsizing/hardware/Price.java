package io.llmsizing.hardware;

import java.math.BigDecimal;

/**
 * What an hour costs.
 *
 * @param dollarsPerHour US dollars
 * @param basis what is paid for: on demand, of which provider, where
 * @param date the day of the list, ISO 8601
 */
public record Price(BigDecimal dollarsPerHour, String basis, String date) {}
