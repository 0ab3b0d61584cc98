using FlowKit.Client;
using FlowKit.Wire;

namespace FlowKit.Conformance.Protocols;

/// <summary>Calls a gateway by FlowKit's client.</summary>
/// <param name="address">The gateway, with the scheme of the protocol.</param>
public sealed class ClientCaller(string address) : IProtocolCaller
{
    private readonly FlowClient _client = new(address);

    /// <inheritdoc/>
    public async Task<ProtocolAnswer> CallAsync(ProtocolCall call, CancellationToken cancellationToken = default)
    {
        var options = new PostOptions { Parameters = call.Parameters, Timeout = call.Timeout };
        try
        {
            var reply = await _client.PostAsync(call.Endpoint, new DocumentArray(call.Documents), options, cancellationToken);
            var results = reply.Parameters.Values[Parameters.ResultsKey];
            return new ProtocolAnswer(reply.Documents, results, reply.Status is { Code: not 0 } status ? ErrorOf(status, reply.Routes) : null);
        }
        catch (FlowKitException exception)
        {
            return ProtocolAnswer.Refused(exception.Error);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private static FlowError ErrorOf(WireStatus status, IReadOnlyList<WireRoute> routes)
    {
        var code = Enum.TryParse<FlowErrorCode>(status.Exception?.Name, out var known) ? known : FlowErrorCode.Internal;
        return new FlowError(code, status.Message)
        {
            ExceptionName = status.Exception?.Name,
            Executor = routes.FirstOrDefault(route => route.Status is { Code: not 0 })?.Executor
                ?? (status.Exception?.Executor is { Length: > 0 } executor ? executor : null),
        };
    }
}
