namespace FlowKit.Runtime.Requests;

/// <summary>A document of a streamed reply.</summary>
/// <param name="document">The document.</param>
/// <param name="request">The request that it answers.</param>
internal readonly struct StreamedDocument(Document document, RequestState request)
{
    /// <summary>The document.</summary>
    public Document Document => document;

    /// <summary>The hops that its request has made so far, the gateway first.</summary>
    public IReadOnlyList<RouteTiming> Routes => request.RoutesUntilNow();
}
