package io.thyra.wire;

import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.buffer.Buffer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The only place that touches the event bus. Every request is answered, on a fresh task of the serving context so that
/// one that waits does not hold up the next; records travel by reference.
public final class Wire {
  private static final Logger LOG = LoggerFactory.getLogger(Wire.class);
  private static final String CODEC = "thyra.reference";
  // Requests carry their own deadline; the bus gives up only where a serving context is gone.
  private static final DeliveryOptions OPTIONS = new DeliveryOptions().setCodecName(CODEC).setLocalOnly(true).setSendTimeout(90_000);

  private final Vertx vertx;

  /// To be made once for each Vertx: registers the codec that passes references.
  public Wire(Vertx vertx) {
    this.vertx = vertx;
    vertx.eventBus().registerCodec(new ReferenceCodec());
  }

  /// Serves an endpoint on the current context with a workflow that may wait (on a virtual-thread context).
  public <Q, R> Future<Void> serve(Endpoint<Q, R> endpoint, Function<Q, R> workflow) {
    Context context = vertx.getOrCreateContext();
    return vertx
        .eventBus()
        .<Q>localConsumer(endpoint.address())
        .handler(message -> context.runOnContext(_ -> message.reply(answer(endpoint, workflow, message), OPTIONS)))
        .completion();
  }

  /// Asks an endpoint. Expected failures arrive as [ApiException]; so does the absence of anybody who serves it.
  public <Q, R> Future<R> ask(Endpoint<Q, R> endpoint, Q query) {
    Promise<R> promise = Promise.promise();
    vertx
        .eventBus()
        .<Reply<R>>request(endpoint.address(), query, OPTIONS)
        .onComplete(
            message -> {
              switch (message.body()) {
                case Reply.Ok<R>(R value) -> promise.complete(value);
                case Reply.Failed<R>(ApiException failure) -> promise.fail(failure);
              }
            },
            unserved -> {
              LOG.warn("no answer from {}: {}", endpoint.address(), unserved.getMessage());
              promise.fail(new Failure.ServiceUnavailable("the server is currently unable to handle the request").toException());
            });
    return promise.future();
  }

  private static <Q, R> Reply<R> answer(Endpoint<Q, R> endpoint, Function<Q, R> workflow, Message<Q> message) {
    try {
      return new Reply.Ok<>(workflow.apply(message.body()));
    } catch (ApiException expected) {
      return new Reply.Failed<>(expected);
    } catch (RuntimeException | StackOverflowError bug) {
      LOG.error("a request to {} failed", endpoint.address(), bug);
      return new Reply.Failed<>(new Failure.Internal(String.valueOf(bug.getMessage())).toException());
    }
  }

  /// Passes whatever it is given to a consumer of the same process.
  private static final class ReferenceCodec implements MessageCodec<Object, Object> {
    @Override
    public void encodeToWire(Buffer buffer, Object value) {
      throw new IllegalStateException("records do not leave the process");
    }

    @Override
    public Object decodeFromWire(int position, Buffer buffer) {
      throw new IllegalStateException("records do not enter the process");
    }

    @Override
    public Object transform(Object value) {
      return value;
    }

    @Override
    public String name() {
      return CODEC;
    }

    @Override
    public byte systemCodecID() {
      return -1;
    }
  }
}
