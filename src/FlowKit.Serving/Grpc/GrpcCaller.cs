using FlowKit.Runtime;
using FlowKit.Serving.Gateway.Http;
using FlowKit.Serving.Gateway.Security;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FlowKit.Serving.Grpc;

/// <summary>The caller of a gRPC method.</summary>
/// <param name="call">The call as the library has it.</param>
internal sealed class GrpcCaller(ServerCallContext call) : ICaller
{
    private const string IsError = "is-error";

    private readonly HttpContext _context = call.GetHttpContext();

    /// <summary>The permit with which the call was let in, which <see cref="GrpcGate"/> gives back at its end.</summary>
    public AdmissionPermit Permit => _context.Features.GetRequiredFeature<AdmissionPermit>();

    /// <inheritdoc/>
    public Priority Priority => CallHeaders.Read(_context.Request).Priority;

    /// <inheritdoc/>
    public TimeSpan? TimeLeft => call.Deadline == DateTime.MaxValue ? null : call.Deadline - TimeProvider.System.GetUtcNow().UtcDateTime;

    /// <inheritdoc/>
    public bool HasExpired => TimeLeft <= TimeSpan.Zero;

    /// <inheritdoc/>
    public CancellationToken CancellationToken => call.CancellationToken;

    /// <inheritdoc/>
    public Caller? Holder => Caller.Of(_context);

    /// <summary>Returns the last text that the caller sent under a name; <see langword="null"/> when there is none.</summary>
    public string? Find(string name) => _context.Request.Headers.TryGetValue(name, out var values) && values.Count > 0 ? values[^1] : null;

    /// <summary>Says so in the trailer <c>is-error</c>, as Jina's workers do.</summary>
    public void SayError() => call.ResponseTrailers.Add(IsError, "true");
}
