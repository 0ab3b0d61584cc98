using Microsoft.Extensions.VectorData;

namespace FlowKit.VectorStores.VectorData;

/// <summary>Failures of connectors as errors of FlowKit, which name the collection.</summary>
internal static class ConnectorFailure
{
    /// <summary>Runs what asks a connector.</summary>
    /// <exception cref="FlowKitException">It fails, or cannot do what it is asked for.</exception>
    public static async Task<T> TellAsync<T>(string collection, Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (VectorStoreException exception)
        {
            throw new FlowKitException(
                FlowErrorCode.Unavailable,
                $"The collection '{collection}' cannot be used: {exception.Message} {exception.InnerException?.Message}".TrimEnd(),
                exception);
        }
        catch (NotSupportedException exception)
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition, $"The collection '{collection}' does not do that: {exception.Message}", exception);
        }
    }
}
