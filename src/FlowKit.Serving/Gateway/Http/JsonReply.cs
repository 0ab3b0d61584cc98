using System.Text.Json;
using FlowKit.Wire;
using FlowKit.Wire.Json;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>Writes replies as JSON; of documents that JSON cannot hold, each fails alone.</summary>
internal static class JsonReply
{
    /// <summary>Writes a reply, and once more when it held what JSON cannot.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="write">Writes it whole.</param>
    /// <param name="clear">Takes back what was written.</param>
    /// <exception cref="FlowKitException">It cannot be written, and no document is the cause.</exception>
    public static void Write(DataRequest reply, Action<DataRequest> write, Action clear)
    {
        try
        {
            write(reply);
        }
        catch (Exception exception) when (IsUnwritable(exception))
        {
            clear();
            reply.Documents = UnwritableDocuments.Replace(reply.Documents) ?? throw CannotBeWritten(exception, reply);
            try
            {
                write(reply);
            }
            catch (Exception again) when (IsUnwritable(again))
            {
                throw CannotBeWritten(again, reply);
            }
        }
    }

    /// <summary>Tells whether writing failed by what was written.</summary>
    public static bool IsUnwritable(Exception exception) =>
        exception is ArgumentException or InvalidOperationException or JsonException or NotSupportedException;

    private static FlowKitException CannotBeWritten(Exception exception, DataRequest reply) => new(
        FlowErrorCode.Internal,
        $"What the flow answers cannot be written as JSON: "
            + $"{UnwritableDocuments.ReasonOf(reply.Parameters.Values, "parameters") ?? exception.Message}",
        exception);
}
