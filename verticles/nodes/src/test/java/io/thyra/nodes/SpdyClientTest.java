package io.thyra.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpdyClientTest {
  private final EmbeddedChannel server = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
  private final List<String> heard = new ArrayList<>();
  private final SpdyClient client =
      new SpdyClient(
          bytes -> server.writeInbound(Unpooled.wrappedBuffer(bytes.getBytes())),
          new SpdyClient.Listener() {
            @Override
            public void data(int stream, Buffer data) {
              heard.add(stream + " " + data);
            }

            @Override
            public void ended(int stream) {
              heard.add(stream + " ended");
            }

            @Override
            public void gone() {
              heard.add("gone");
            }
          });

  private void answer(SpdyFrame frame) {
    server.writeOutbound(frame);
    for (ByteBuf bytes = server.readOutbound(); bytes != null; bytes = server.readOutbound()) {
      client.receive(Buffer.buffer(ByteBufUtil.getBytes(bytes)));
      bytes.release();
    }
  }

  @Test
  void opensStreamsOfTypes() {
    assertThat(client.open("error")).isEqualTo(1);
    assertThat(client.open("stdin")).isEqualTo(3);
    client.send(3, Buffer.buffer("hello"));
    client.end(3);
    SpdySynStreamFrame first = server.readInbound();
    assertThat(first.streamId()).isEqualTo(1);
    assertThat(first.headers().get("streamtype")).hasToString("error");
    SpdySynStreamFrame second = server.readInbound();
    assertThat(second.headers().get("streamtype")).hasToString("stdin");
    SpdyDataFrame data = server.readInbound();
    assertThat(ByteBufUtil.getBytes(data.content())).isEqualTo("hello".getBytes());
    SpdyDataFrame end = server.readInbound();
    assertThat(end.isLast()).isTrue();
  }

  @Test
  void hearsDataAndEnds() {
    int stream = client.open("stdout");
    answer(new DefaultSpdyDataFrame(stream, Unpooled.wrappedBuffer("out".getBytes())));
    answer(new DefaultSpdyDataFrame(stream).setLast(true));
    assertThat(heard).containsExactly("1 out", "1 ended");
  }

  @Test
  void answersPingsOfTheServerAlone() {
    answer(new DefaultSpdyPingFrame(2));
    answer(new DefaultSpdyPingFrame(1));
    assertThat(((SpdyPingFrame) server.readInbound()).id()).isEqualTo(2);
    assertThat(server.inboundMessages()).isEmpty();
  }

  @Test
  void endsOnWhatIsNoSpdy() {
    // A control frame of version 9.
    client.receive(Buffer.buffer(new byte[] {(byte) 0x80, 9, 0, 1, 0, 0, 0, 0}));
    assertThat(heard).contains("gone");
  }
}
