using System.Diagnostics;
using Grpc.Core;

namespace FlowKit.Wire.Grpc.Client;

/// <summary>Makes what is said beside the messages of a call.</summary>
public static class CallSettings
{
    /// <summary>A longer time is as good as none, and would be no date.</summary>
    private static readonly TimeSpan s_maxTimeout = TimeSpan.FromDays(1000);

    /// <summary>Makes the settings of a call, which takes the trace along that it belongs to where that is recorded.</summary>
    /// <param name="metadata">Metadata sent with it, which the call takes over.</param>
    /// <param name="timeout">How long the whole call may take; the server is told. <see langword="null"/> for as long as it takes.</param>
    /// <param name="compression">The compression of what is sent, <c>gzip</c> or <c>deflate</c>; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    public static CallOptions Of(
        Metadata? metadata = null, TimeSpan? timeout = null, string? compression = null, CancellationToken cancellationToken = default)
    {
        if (compression is not null)
        {
            metadata ??= [];
            metadata.Add(GrpcHeaders.CompressRequest, compression);
        }

        if (Activity.Current is { Recorded: true } activity)
        {
            metadata ??= [];
            DistributedContextPropagator.Current.Inject(
                activity, metadata, static (carrier, name, value) => ((Metadata)carrier!).Add(name, value));
        }

        // The library keeps deadlines by the system's clock, so they are counted by no other.
        DateTime? deadline = timeout < s_maxTimeout ? (TimeProvider.System.GetUtcNow() + timeout.Value).UtcDateTime : null;
        return new CallOptions(metadata, deadline, cancellationToken);
    }
}
