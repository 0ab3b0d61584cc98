namespace FlowKit.Errors;

public sealed class FlowErrorTests
{
    [Fact]
    public void An_error_keeps_the_executor_that_is_known_first()
    {
        var thrown = new FlowKitException(new FlowError(FlowErrorCode.NotFound, "no such file") { Executor = "decoder" });

        Assert.Equal("NotFound in decoder: no such file", FlowError.From(thrown, "encoder").ToString());
        Assert.Equal("NotFound in encoder: gone", FlowError.From(new FlowKitException(FlowErrorCode.NotFound, "gone"), "encoder").ToString());
    }

    [Fact]
    public void An_exception_of_another_kind_is_internal_and_one_of_cancelling_is_not()
    {
        var broken = FlowError.From(new InvalidOperationException("broken"));
        var cancelled = FlowError.From(new TaskCanceledException("given up"), "encoder");

        Assert.Equal((FlowErrorCode.Internal, "InvalidOperationException", "Internal: broken"), (broken.Code, broken.ExceptionName, broken.ToString()));
        Assert.Equal((FlowErrorCode.Cancelled, "TaskCanceledException", "encoder"), (cancelled.Code, cancelled.ExceptionName, cancelled.Executor));
    }

    [Fact]
    public void An_exception_needs_an_error()
    {
        Assert.Throws<ArgumentNullException>("error", () => new FlowKitException(null!));
        Assert.Throws<ArgumentNullException>(() => FlowError.From(null!));
    }
}
