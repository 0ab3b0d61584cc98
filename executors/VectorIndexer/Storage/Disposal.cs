namespace FlowKit.Executors.Storage;

/// <summary>Disposes several things, none of which may keep the others from it by throwing.</summary>
internal static class Disposal
{
    /// <summary>Disposes each in turn.</summary>
    /// <exception cref="AggregateException">What they threw, once all are disposed.</exception>
    public static void All(params ReadOnlySpan<IDisposable?> things)
    {
        List<Exception>? thrown = null;
        foreach (var thing in things)
        {
            try
            {
                thing?.Dispose();
            }
            catch (Exception exception)
            {
                (thrown ??= []).Add(exception);
            }
        }

        if (thrown is not null)
        {
            throw new AggregateException(thrown);
        }
    }
}
