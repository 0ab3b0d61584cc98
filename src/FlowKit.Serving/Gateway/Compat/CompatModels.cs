using FlowKit.Runtime;

namespace FlowKit.Serving.Gateway.Compat;

/// <summary>
/// The models of a flow, by the stamps that its executors put on what they embed. Names that callers ask for go with the request to the
/// executors that read them; what none of them reads is compared with the stamps.
/// </summary>
/// <param name="flow">The flow.</param>
/// <param name="takesAny">Whether a caller may ask for any model (<c>compat_model: any</c>).</param>
/// <param name="flowName">The name where no executor says which model it has.</param>
internal sealed class CompatModels(FlowRuntime flow, bool takesAny, string flowName)
{
    private const string ModelName = "model_name";
    private const string Dimensions = "dimensions";
    private const string Hint = " 'compat_model: any' under 'gateway' takes any name.";

    /// <summary>Returns the parameters with which executors check what is asked.</summary>
    public Parameters ParametersOf(string endpoint, CompatAsk ask)
    {
        var parameters = new Parameters();
        if (ask.Model is { Length: > 0 } model && !takesAny && flow.Reads(endpoint, ModelName) != false)
        {
            parameters.Values[ModelName] = model;
        }

        if (ask.Dimensions is { } dimensions && flow.Reads(endpoint, Dimensions) != false)
        {
            parameters.Values[Dimensions] = dimensions;
        }

        return parameters;
    }

    /// <summary>Returns an error in the words of the body's own fields.</summary>
    public static FlowError Explain(FlowError error, CompatAsk ask)
    {
        if (error.Message.StartsWith($"parameters.{ModelName}: ", StringComparison.Ordinal))
        {
            var reason = error.Message[(error.Message.IndexOf(':', StringComparison.Ordinal) + 2)..];
            return error with { Message = $"{ask.ModelField}: {reason}{Hint}" };
        }

        return error.Message.StartsWith($"parameters.{Dimensions}: ", StringComparison.Ordinal)
            ? error with { Message = error.Message["parameters.".Length..] }
            : error;
    }

    /// <summary>Returns the names of the models that made embeddings.</summary>
    public static IReadOnlyList<string> NamesOf(IEnumerable<Document> documents) =>
    [
        .. documents.Select(EmbeddingModel.Of).OfType<string>().Select(NameOf).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Returns the name of the model that made embeddings, once it is known to be what was asked for.</summary>
    /// <param name="endpoint">The endpoint that made them.</param>
    /// <param name="documents">What it gave back.</param>
    /// <param name="ask">The part of the body about the model.</param>
    /// <exception cref="FlowKitException">They are another model's.</exception>
    public string Check(string endpoint, IReadOnlyList<Document> documents, CompatAsk ask)
    {
        var names = NamesOf(documents);
        if (ask.Model is { Length: > 0 } asked && !takesAny && names.Count > 0 && flow.Reads(endpoint, ModelName) != true
            && !documents.Any(document => asked == EmbeddingModel.Of(document)) && !names.Any(name => Same(name, asked)))
        {
            var own = string.Join(", ", names.Select(name => $"'{name}'"));
            throw new FlowKitException(
                FlowErrorCode.NotFound, $"{ask.ModelField}: the model '{asked}' is asked for, and this flow has {own}.{Hint}");
        }

        return names.Count > 0 ? string.Join(", ", names) : flowName;
    }

    /// <summary>Checks that embeddings have the length that was asked for.</summary>
    /// <exception cref="FlowKitException">They have another.</exception>
    public static void CheckLength(float[][] vectors, CompatAsk ask)
    {
        if (ask.Dimensions is { } dimensions && Array.Find(vectors, vector => vector.Length != dimensions) is { } other)
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"dimensions: embeddings of {dimensions} numbers are asked for, and no executor of this flow shortens its own of "
                    + $"{other.Length}; leave it out.");
        }
    }

    /// <summary>A stamp without its revision: <c>tiny-clip@47da5bdd4aef</c> is <c>tiny-clip</c>.</summary>
    private static string NameOf(string stamp) => stamp.LastIndexOf('@') is > 0 and var cut ? stamp[..cut] : stamp;

    /// <summary>Case, and what stands between letters and digits, do not matter.</summary>
    private static bool Same(string name, string asked) => Letters(name) == Letters(asked);

    private static string Letters(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant));
}
