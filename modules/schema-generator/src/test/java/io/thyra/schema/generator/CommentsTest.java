package io.thyra.schema.generator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommentsTest {
  @Test
  void readsTheCommentOfAField() throws IOException {
    var comments = new Comments();
    comments.read(new BufferedReader(new StringReader("""
          public interface PodOrBuilder extends
              // @@protoc_insertion_point(interface_extends:k8s.io.api.core.v1.Pod)
              com.google.protobuf.MessageOrBuilder {

            /**
             * <pre>
             * Names &lt;of&gt; things.
             * +listType=map
             * +listMapKey=a
             * +listMapKey=b
             * </pre>
             *
             * <code>repeated string names = 1;</code>
             */
            int getNamesCount();
          }
        """)));

    List<String> comment = comments.of("k8s.io.api.core.v1.Pod.names");
    assertThat(Comments.description(comment)).isEqualTo("Names <of> things.");
    assertThat(Comments.markers(comment, "listMapKey")).containsExactly("a", "b");
    assertThat(Comments.hasMarker(comment, "listType")).isTrue();
    assertThat(Comments.hasMarker(comment, "optional")).isFalse();
  }

  @Test
  void joinsLinesAndKeepsIndentedOnesApart() {
    assertThat(Comments.description(List.of("First", "line.", "  item", "TODO: later", "+optional", "Last."))).isEqualTo("First line.\n  item\nLast.");
    assertThat(Comments.description(List.of("Shown.", "---", "Hidden."))).isEqualTo("Shown.");
  }
}
