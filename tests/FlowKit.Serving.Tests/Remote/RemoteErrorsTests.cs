using System.Security.Authentication;
using FlowKit.Wire;
using Grpc.Core;
using Polly.CircuitBreaker;

namespace FlowKit.Serving.Remote;

/// <summary>The words for calls to executors elsewhere that got no reply.</summary>
public sealed class RemoteErrorsTests
{
    private const string Address = "grpc://other:8080";

    public static TheoryData<Exception, FlowErrorCode, string> Failures => new()
    {
        { Rpc(StatusCode.Unimplemented, "x"), FlowErrorCode.FailedPrecondition, "'encoder' at grpc://other:8080: there is no Jina executor behind this address" },
        { Rpc(StatusCode.Unavailable, "connection refused"), FlowErrorCode.Unavailable, "'encoder' at grpc://other:8080: Unavailable: connection refused" },
        { Rpc(StatusCode.DeadlineExceeded, ""), FlowErrorCode.DeadlineExceeded, "'encoder' at grpc://other:8080: DeadlineExceeded" },
        { Rpc(StatusCode.Unavailable, "x", new HttpRequestException("no", new AuthenticationException("the certificate is not trusted"))), FlowErrorCode.Unavailable, "'encoder' at grpc://other:8080: the TLS handshake failed: the certificate is not trusted" },
        { new BrokenCircuitException("open", TimeSpan.FromSeconds(3)), FlowErrorCode.Unavailable, "'encoder' at grpc://other:8080 has failed again and again and is left alone for a moment" },
        { new FlowKitException(FlowErrorCode.NotFound, "no such name"), FlowErrorCode.NotFound, "no such name" },
        { new InvalidOperationException("odd"), FlowErrorCode.Internal, "'encoder' at grpc://other:8080: odd" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void A_failure_names_who_was_asked_where_and_why(Exception exception, FlowErrorCode code, string message)
    {
        var error = RemoteErrors.Explain(exception, "encoder", Address).Error;

        Assert.Equal((code, message, "encoder"), (error.Code, error.Message, error.Executor));
        Assert.Equal(exception is BrokenCircuitException ? TimeSpan.FromSeconds(3) : null, error.RetryAfter);
    }

    [Fact]
    public void Only_what_was_never_sent_may_be_tried_elsewhere()
    {
        Assert.True(RemoteErrors.WasNeverSent(new BrokenCircuitException()));
        Assert.False(RemoteErrors.WasNeverSent(Rpc(StatusCode.DeadlineExceeded, "")));
        Assert.True(RemoteErrors.IsTrouble(Rpc(StatusCode.Unavailable, "")));
        Assert.False(RemoteErrors.IsTrouble(Rpc(StatusCode.Internal, "")));
    }

    [Theory]
    [InlineData("NotFound", FlowErrorCode.NotFound, null)]
    [InlineData("17", FlowErrorCode.Internal, "17")]
    [InlineData("ValueError", FlowErrorCode.Internal, "ValueError")]
    [InlineData("", FlowErrorCode.Internal, null)]
    public void A_worker_of_this_flow_keeps_its_code_and_others_their_exception(string name, FlowErrorCode code, string? exception)
    {
        var status = new WireStatus(1, "it broke", new WireException(name, [], [], ""));

        var worker = RemoteErrors.OfWorker(status, "encoder");
        var other = RemoteErrors.Of(status, "encoder");

        Assert.Equal((code, "it broke", exception), (worker.Code, worker.Message, worker.ExceptionName));
        Assert.Equal((FlowErrorCode.Internal, name.Length > 0 ? name : null), (other.Code, other.ExceptionName));
    }

    private static RpcException Rpc(StatusCode code, string detail, Exception? cause = null) => new(new Status(code, detail, cause), detail);
}
