namespace FlowKit.Components.Launching;

/// <summary>Tells what is known of an executor in an image (<c>uses: docker://…</c>): nothing, so that every request goes to it.</summary>
internal sealed class ImageExecutor : Executor
{
    /// <summary>Never called: the executor in the container is.</summary>
    [Requests(RequestsAttribute.Default, EndpointTable.DryRun)]
    public static void Pass()
    {
    }
}
