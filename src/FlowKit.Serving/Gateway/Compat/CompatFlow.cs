using System.Globalization;
using FlowKit.Runtime;
using FlowKit.Serving.Gateway.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FlowKit.Serving.Gateway.Compat;

/// <summary>The flow as routes of other systems use it: documents go in, the same documents with what was made of them come out.</summary>
/// <param name="flow">The flow.</param>
/// <param name="models">Its models.</param>
internal sealed class CompatFlow(FlowRuntime flow, CompatModels models)
{
    /// <summary>The endpoint that encoders answer as any other.</summary>
    private const string Encode = "/encode";

    private const string Rank = "/rank";

    /// <summary>A picture of one pixel, which every image tower embeds.</summary>
    private static readonly byte[] s_pixel = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC");

    /// <summary>Takes a place in the flow for a request, before anything of it is read; whoever answers it gives it back.</summary>
    /// <exception cref="FlowKitException">There is none.</exception>
    public AdmissionPermit Admit(HttpContext context)
    {
        if (!flow.TryAdmit(out var permit, out var refusal))
        {
            throw new FlowKitException(refusal);
        }

        context.Features.Set(permit);
        return permit;
    }

    /// <summary>Has documents embedded.</summary>
    /// <param name="context">The exchange.</param>
    /// <param name="documents">Texts and pictures, each with its name as id; they get their places as ids.</param>
    /// <param name="ask">The model that it is to be.</param>
    /// <returns>The embedding of each, in order.</returns>
    /// <exception cref="FlowKitException">The flow refuses or fails, or a document failed: the error says which.</exception>
    public async Task<CompatEmbeddings> EmbedAsync(HttpContext context, IReadOnlyList<Document> documents, CompatAsk ask)
    {
        var names = Number(documents);
        var answered = await SendAsync(context, Encode, new DocumentArray(documents), ask);
        float[][] vectors = [.. documents.Zip(names, (document, name) => EmbeddingOf(Find(answered, document.Id, name)))];
        var model = models.Check(Encode, answered, ask);
        CompatModels.CheckLength(vectors, ask);
        return new CompatEmbeddings(vectors, model);
    }

    /// <summary>Returns the names of the models that embed a word or a picture.</summary>
    /// <param name="context">The exchange.</param>
    /// <param name="ask">The model that it is to be.</param>
    /// <exception cref="FlowKitException">The flow refuses or fails, or has another model.</exception>
    public async Task<IReadOnlyList<string>> ModelsAsync(HttpContext context, CompatAsk ask)
    {
        Document[] probes = [new("word") { Text = "a" }, new("picture") { Blob = s_pixel, MimeType = "image/png" }];
        var answered = await SendAsync(context, Encode, new DocumentArray(probes), ask);
        var own = models.Check(Encode, answered, ask);
        return CompatModels.NamesOf(answered) is { Count: > 0 } names ? names : [own];
    }

    /// <summary>Has a subject compared with prompts.</summary>
    /// <param name="context">The exchange.</param>
    /// <param name="subject">A text or a picture.</param>
    /// <param name="prompts">Texts or pictures.</param>
    /// <param name="ask">The model that it is to be.</param>
    /// <returns>The cosine of each prompt, in order, and the model.</returns>
    /// <exception cref="FlowKitException">The flow refuses or fails, or one of them failed.</exception>
    public async Task<(float[] Cosines, string Model)> CompareAsync(
        HttpContext context, Document subject, IReadOnlyList<Document> prompts, CompatAsk ask)
    {
        var names = Number(prompts);
        var subjectName = subject.Id;
        subject.Id = "subject";
        subject.Matches = new DocumentArray(prompts);
        var answered = Find(await SendAsync(context, Rank, [subject], ask), subject.Id, subjectName);
        float[] cosines = [.. prompts.Zip(names, (prompt, name) => CosineOf(Find(answered.Matches, prompt.Id, name)))];
        return (cosines, models.Check(Rank, [answered], ask));
    }

    /// <summary>Names may come twice, so that places tell the documents apart on their way.</summary>
    /// <returns>The names.</returns>
    private static string[] Number(IReadOnlyList<Document> documents)
    {
        string[] names = [.. documents.Select(document => document.Id)];
        for (var place = 0; place < documents.Count; place++)
        {
            documents[place].Id = place.ToString(CultureInfo.InvariantCulture);
        }

        return names;
    }

    private static Document Find(DocumentArray documents, string id, string name)
    {
        var found = documents.FirstOrDefault(document => document.Id == id)
            ?? throw new FlowKitException(FlowErrorCode.Internal, $"The flow did not give '{name}' back.");
        return found.Error is { } error
            ? throw new FlowKitException(error with { DocumentId = id, Message = $"{name}: {error.Message}" })
            : found;
    }

    private static float[] EmbeddingOf(Document document) => document.Embedding?.ToFloats().ToArray()
        ?? throw new FlowKitException(
            FlowErrorCode.FailedPrecondition,
            "No executor of this flow embeds such documents; it needs a ClipEncoder, "
                + "or a ClipTextEncoder for texts and an ImageDecoder and a ClipImageEncoder for pictures.");

    private static float CosineOf(Document match) => match.HasScores && match.Scores.TryGetValue("clip_score_cosine", out var score)
        ? score.Value
        : throw new FlowKitException(
            FlowErrorCode.FailedPrecondition, "No executor of this flow compares; it needs a ClipRanker or a ClipEncoder.");

    private async Task<DocumentArray> SendAsync(HttpContext context, string endpoint, DocumentArray documents, CompatAsk ask)
    {
        var headers = CallHeaders.Read(context.Request);
        var permit = context.Features.GetRequiredFeature<AdmissionPermit>();
        var call = new FlowRequest(endpoint, documents)
        {
            Parameters = models.ParametersOf(endpoint, ask),
            Priority = headers.Priority,
            Timeout = headers.Timeout ?? flow.TimeoutSend,
        };
        var reply = await flow.SendAsync(call, permit, context.RequestAborted);
        return reply.Error is { } error ? throw new FlowKitException(CompatModels.Explain(error, ask)) : reply.Documents;
    }
}
