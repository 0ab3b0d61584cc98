using FlowKit.Clip;
using FlowKit.Executors.Ranking;

namespace FlowKit.Executors;

/// <summary>
/// Both towers of a CLIP model in one executor, as Jina's CLIPEncoder and clip-as-service have them: a document with text is embedded as
/// text, else one with <c>tensor</c>, <c>blob</c> or <c>uri</c> as a picture; others pass untouched. <c>/rank</c> scores each document's
/// matches too.
/// </summary>
/// <param name="options">The options, as <c>uses_with</c> sets them.</param>
[Executor("ClipEncoder", Description = "Embeds texts and pictures with a CLIP model, and ranks candidates.")]
public sealed class ClipEncoder(ClipDualEncoderOptions options) : ClipDualEncoder(options)
{
    private const string RankEndpoint = "/rank";

    private MatchRanking? _ranking;

    /// <summary>Embeds the documents of a request; <c>/encode/MODEL</c> and <c>/rank/MODEL</c> say which model it has to be.</summary>
    public override Task Encode(DocumentArray docs, Parameters parameters, RequestContext request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(request);
        string[] endpoints = [RankEndpoint, "/encode"];
        foreach (var endpoint in endpoints.Where(each => request.Endpoint.StartsWith(each + "/", StringComparison.Ordinal)))
        {
            CheckModel(request.Endpoint[(endpoint.Length + 1)..], request.Endpoint);
            if (endpoint == RankEndpoint)
            {
                return Rank(docs, parameters, request, cancellationToken);
            }
        }

        CheckModel(parameters);
        return base.Encode(docs, parameters, request, cancellationToken);
    }

    /// <summary>Embeds queries and their candidates, scores the candidates and puts them best first.</summary>
    public override async Task Rank(
        DocumentArray docs, Parameters parameters, RequestContext request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        CheckModel(parameters);
        await base.Rank(docs, parameters, request, cancellationToken);
        _ranking!.Rank(docs, cancellationToken);
    }

    private protected override void Prepare(ClipModel model)
    {
        base.Prepare(model);
        _ranking = new MatchRanking(model.Card, nameof(ClipEncoder));
    }

    private void CheckModel(Parameters parameters)
    {
        if (EncodeParameters.Read(parameters).ModelName is { Length: > 0 } name)
        {
            CheckModel(name, "parameters.model_name");
        }
    }
}
