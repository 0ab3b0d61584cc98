using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Runtime;
using FlowKit.Serving.Dispatch;
using FlowKit.Wire;
using FlowKit.Wire.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>
/// Reads a form as a browser or <c>curl -F</c> sends it: every file becomes a document with its bytes as <c>blob</c> and its name as
/// <c>uri</c>, every <c>text</c> field a document with text; <c>parameters</c> (JSON), <c>execEndpoint</c> and <c>targetExecutor</c> are
/// what they are in JSON.
/// </summary>
internal static class MultipartBody
{
    private const int MaxFields = 10_000;
    private const int MemoryThreshold = 1 << 20;
    private const int PayStep = 256 << 10;

    /// <param name="request">The request.</param>
    /// <param name="share">Pays for it.</param>
    /// <param name="maxBytes">Bytes that the form may have.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<DataRequest> ReadAsync(
        HttpRequest request, MemoryShare share, long maxBytes, CancellationToken cancellationToken)
    {
        Pay(request, share);
        var form = await ReadFormAsync(request, maxBytes, cancellationToken);
        var result = new DataRequest
        {
            ExecEndpoint = form["execEndpoint"].FirstOrDefault() ?? form["exec_endpoint"].FirstOrDefault() ?? "/",
            TargetExecutor = form["targetExecutor"].FirstOrDefault() ?? form["target_executor"].FirstOrDefault() ?? "",
            Parameters = ReadParameters(form["parameters"].FirstOrDefault()),
        };
        foreach (var text in form["text"])
        {
            result.Documents.Add(new Document { Text = text ?? "" });
        }

        foreach (var file in form.Files)
        {
            var bytes = new byte[file.Length];
            await using var stream = file.OpenReadStream();
            await stream.ReadExactlyAsync(bytes, cancellationToken);
            result.Documents.Add(new Document { Blob = bytes, Uri = file.FileName, MimeType = file.ContentType });
        }

        return result;
    }

    /// <summary>
    /// A text of a form has two bytes a letter, and a file is read once more when the form is whole: twice what comes, paid for before it
    /// is read where its length is announced.
    /// </summary>
    private static void Pay(HttpRequest request, MemoryShare share)
    {
        if (request.ContentLength is { } announced)
        {
            share.Take(announced <= RequestWeight.SmallBody ? 0 : 2 * announced, RequestBody.Contents);
            return;
        }

        var paid = AdmissionPermit.SmallRequest;
        request.Body = new CountedStream(request.Body, read =>
        {
            if (2 * read > paid)
            {
                // In steps: not for every packet.
                var more = (2 * read) - paid + PayStep;
                share.Take(more, RequestBody.Contents);
                paid += more;
            }
        });
    }

    private static async Task<IFormCollection> ReadFormAsync(HttpRequest request, long maxBytes, CancellationToken cancellationToken)
    {
        var limits = new FormOptions
        {
            MultipartBodyLengthLimit = maxBytes,
            ValueLengthLimit = (int)Math.Min(maxBytes, int.MaxValue),
            ValueCountLimit = MaxFields,
            MemoryBufferThreshold = MemoryThreshold,
        };
        try
        {
            return await request.ReadFormAsync(limits, cancellationToken);
        }
        catch (IOException exception) when (FileFailure.IsNoRoom(exception))
        {
            throw FileFailure.OfWriting(
                $"The form is larger than {MemoryThreshold} bytes and is kept in '{Path.GetTempPath()}', which", exception);
        }
        catch (Exception exception) when (exception is InvalidDataException or (IOException and not BadHttpRequestException))
        {
            throw new WireFormatException("body", $"the form cannot be read: {exception.Message}");
        }
    }

    private static Parameters ReadParameters(string? json)
    {
        if (string.IsNullOrWhiteSpace(json))
        {
            return new Parameters();
        }

        try
        {
            return JsonNode.Parse(json) is JsonObject values
                ? new Parameters(values)
                : throw new WireFormatException("parameters", "expected a JSON object");
        }
        catch (JsonException exception) when (exception is not WireFormatException)
        {
            throw new WireFormatException("parameters", exception.Message);
        }
    }
}
