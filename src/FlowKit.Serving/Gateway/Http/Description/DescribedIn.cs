namespace FlowKit.Serving.Gateway.Http.Description;

/// <summary>Marks the endpoints of one flow with the name of its OpenAPI document.</summary>
/// <param name="Name">The document's name.</param>
internal sealed record DescribedIn(string Name);
