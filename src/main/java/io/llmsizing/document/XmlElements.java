package io.llmsizing.document;

import com.google.common.io.ByteStreams;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Tells the elements of an XML document, one at a time: at most 16 MiB long, 32 levels deep, 1 Mi elements, 256 characters of
 * text kept of an element. Types of documents are passed over and entities of their own are refused, so nothing is fetched
 * and nothing grows.
 */
public final class XmlElements {
    private static final long LONGEST_DOCUMENT = 16L << 20;
    private static final int DEEPEST = 32;
    private static final int MOST_ELEMENTS = 1 << 20;
    private static final int LONGEST_NAME = 128;
    private static final int LONGEST_TEXT = 256;
    private static final String ENTITY = "an entity of its own; none is allowed";

    /** Takes the elements of a document. */
    public interface Element {
        /**
         * An element begins.
         *
         * @param path its name behind those of the elements around it: {@code log/gpu/uuid}
         */
        void starts(String path);

        /**
         * An element ends.
         *
         * @param path as when it began
         * @param text the characters in it and in no element inside, without blanks around them, cut to 256 characters
         * @param place the line and column of its end
         */
        void ends(String path, String text, String place);
    }

    private XmlElements() {}

    /**
     * Tells the elements of a document.
     *
     * @param bytes the document in UTF-8, left open
     * @param file its name, for messages
     * @param element takes them, in their order
     * @throws MalformedFileException if it is not XML, has entities of its own, or is beyond the bounds; what stands before
     *     the place of the error was told
     */
    public static void forEach(InputStream bytes, String file, Element element) {
        @Nullable XMLStreamReader reader = null;
        try {
            reader = factory().createXMLStreamReader(text(bytes));
            tell(reader, file, element);
        } catch (XMLStreamException malformed) {
            throw new MalformedFileException(
                    file,
                    place(malformed.getLocation()),
                    String.valueOf(malformed.getMessage()).contains("entity \"")
                            ? ENTITY
                            : "not XML from here on, or cut off; up to " + LONGEST_DOCUMENT + " bytes are read");
        } catch (RuntimeException broken) {
            if (broken instanceof MalformedFileException placed) {
                throw placed;
            }
            throw new MalformedFileException(
                    file, reader == null ? "text" : place(reader.getLocation()), "not XML from here on");
        }
    }

    /** Of its own, since the parser's would print what it refuses. */
    private static Reader text(InputStream bytes) {
        return new InputStreamReader(
                ByteStreams.limit(bytes, LONGEST_DOCUMENT),
                StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT));
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> InputStream.nullInputStream());
        return factory;
    }

    private static void tell(XMLStreamReader reader, String file, Element element) throws XMLStreamException {
        Deque<String> paths = new ArrayDeque<>();
        Deque<StringBuilder> texts = new ArrayDeque<>();
        int elements = 0;
        while (reader.hasNext()) {
            int event = reader.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                String name = reader.getLocalName();
                if (++elements > MOST_ELEMENTS || paths.size() >= DEEPEST || name.length() > LONGEST_NAME) {
                    throw new MalformedFileException(
                            file,
                            place(reader.getLocation()),
                            "more than " + MOST_ELEMENTS + " elements, " + DEEPEST + " levels or " + LONGEST_NAME
                                    + " characters of a name");
                }
                paths.push(paths.isEmpty() ? name : paths.element() + "/" + name);
                texts.push(new StringBuilder());
                element.starts(paths.element());
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                element.ends(paths.pop(), texts.pop().toString().strip(), place(reader.getLocation()));
            } else if (event == XMLStreamConstants.ENTITY_REFERENCE) {
                throw new MalformedFileException(file, place(reader.getLocation()), ENTITY);
            } else if (reader.hasText() && !texts.isEmpty() && event != XMLStreamConstants.COMMENT) {
                append(texts.element(), reader);
            }
        }
    }

    private static void append(StringBuilder text, XMLStreamReader reader) {
        int room = Math.min(LONGEST_TEXT - text.length(), reader.getTextLength());
        if (room > 0 && !(text.length() == 0 && reader.isWhiteSpace())) {
            text.append(reader.getTextCharacters(), reader.getTextStart(), room);
        }
    }

    private static String place(@Nullable Location location) {
        return location == null
                ? "text"
                : "line " + location.getLineNumber() + ", column " + location.getColumnNumber();
    }
}
