using System.Globalization;
using System.Text;

namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>
/// A transaction in the input format of etcdctl: the compares, the operations if they hold, and the operations
/// otherwise. An empty line ends each block. Source: etcd-io/etcd, etcdctl/ctlv3/command/txn_command.go.
/// </summary>
internal static class EtcdctlTxnScript
{
    /// <summary>Puts a key if it does not exist, and otherwise reads it.</summary>
    public static byte[] Create(string key, byte[] value, long lease)
    {
        string quoted = Quote(Encoding.UTF8.GetBytes(key));
        string attached = lease == 0 ? "" : $" --lease={HexId.Format((ulong)lease)}";
        return Encoding.ASCII.GetBytes(
            $"create({quoted}) = \"0\"\n\nput {quoted} {Quote(value)}{attached}\n\nget {quoted}\n\n"
        );
    }

    /// <summary>
    /// Counts the keys of spans and reads the first ones, as a local read. etcdctl 3.4 cannot only count, so one key of
    /// such a span is read. Each line gives every flag, so that no line depends on another. "--" ends the flags,
    /// because a key may begin with a dash.
    /// </summary>
    public static byte[] Read(IReadOnlyList<KeySpan> spans, long revision)
    {
        var script = new StringBuilder("\n");
        foreach (KeySpan span in spans)
        {
            string keysOnly = span is { WithValues: true, Limit: > 0 } ? "false" : "true";
            script.Append(
                CultureInfo.InvariantCulture,
                $"get --consistency=s --rev={revision} --limit={Math.Max(1, span.Limit)} --keys-only={keysOnly} -- "
            );
            Quote(script, Encoding.Latin1.GetBytes(span.From));
            script.Append(' ');
            Quote(script, Encoding.Latin1.GetBytes(span.To));
            script.Append('\n');
        }
        return Encoding.ASCII.GetBytes(script.Append("\n\n").ToString());
    }

    private static string Quote(byte[] bytes)
    {
        var text = new StringBuilder();
        Quote(text, bytes);
        return text.ToString();
    }

    /// <summary>Appends a Go string literal, which can contain every byte.</summary>
    private static void Quote(StringBuilder text, byte[] bytes)
    {
        text.Append('"');
        foreach (byte b in bytes)
        {
            if (b is >= 0x20 and < 0x7f and not (byte)'"' and not (byte)'\\')
                text.Append((char)b);
            else
                text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
        }
        text.Append('"');
    }
}
