namespace FlowKit.Configuration.Gateway;

/// <summary>An entry of <c>expose_endpoints:</c>: an endpoint of the executors with an HTTP path of its own.</summary>
public sealed record ExposedEndpointConfig
{
    /// <summary>The endpoint, as executors name it.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The HTTP path; the endpoint itself unless <c>http_path</c> says otherwise.</summary>
    public required string Path { get; init; }

    /// <summary>The HTTP methods, in upper case. Default POST.</summary>
    public IReadOnlyList<string> Methods { get; init; } = ["POST"];

    /// <summary>A line for the API description.</summary>
    public string? Summary { get; init; }

    /// <summary>More for the API description.</summary>
    public string? Description { get; init; }

    /// <summary>Under which headings the API description lists it.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
}
