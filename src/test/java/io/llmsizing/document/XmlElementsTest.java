package io.llmsizing.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XmlElementsTest {
    private final List<String> told = new ArrayList<>();

    private void tell(String text) {
        XmlElements.forEach(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "q.xml", new XmlElements.Element() {
                    @Override
                    public void starts(String path) {
                        told.add("<" + path);
                    }

                    @Override
                    public void ends(String path, String text, String place) {
                        told.add(path + "=" + text + " at " + place);
                    }
                });
    }

    @Test
    void elementsAreToldWithTheirOwnText() {
        tell(
                "<?xml version=\"1.0\"?>\n<!DOCTYPE a SYSTEM \"no-such-file.dtd\">\n<a> x <b k=\"v\"> 1 &amp; 2 </b><!-- c -->y</a>");
        assertThat(told).containsExactly("<a", "<a/b", "a/b=1 & 2 at line 3, column 31", "a=x y at line 3, column 46");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<a>",
                "<a></b>",
                "<a>&none;</a>",
                "text",
                "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><a>&x;</a>",
                "<!DOCTYPE a [<!ENTITY x \"xx\"><!ENTITY y \"&x;&x;\">]><a>&y;</a>"
            })
    void whatIsWrongOrFetchedIsRefused(String text) {
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> tell(text))
                .withMessageStartingWith("q.xml: ");
        assertThat(told).noneMatch(element -> element.startsWith("a="));
    }

    @Test
    void depthNamesAndTextsAreBounded() {
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> tell("<a>".repeat(33)))
                .withMessageContaining("32 levels");
        assertThatExceptionOfType(MalformedFileException.class).isThrownBy(() -> tell("<" + "a".repeat(200) + "/>"));
        told.clear();
        tell("<a>" + "x".repeat(1 << 20) + "</a>");
        assertThat(told.get(1)).startsWith("a=" + "x".repeat(256) + " at");
    }
}
