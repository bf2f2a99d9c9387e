using System.Globalization;
using System.Text;

namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>
/// A transaction as etcdctl reads it from its input: compares, then what to do if they hold, then what to do if not,
/// each block ended by an empty line. Source: etcd-io/etcd, etcdctl/ctlv3/command/txn_command.go.
/// </summary>
internal static class EtcdctlTxnScript
{
    /// <summary>Puts a key if it is absent, else reads it.</summary>
    public static byte[] Create(string key, byte[] value, long lease)
    {
        string quoted = Quote(Encoding.UTF8.GetBytes(key));
        string attached = lease == 0 ? "" : $" --lease={HexId.Format((ulong)lease)}";
        return Encoding.ASCII.GetBytes(
            $"create({quoted}) = \"0\"\n\nput {quoted} {Quote(value)}{attached}\n\nget {quoted}\n\n"
        );
    }

    /// <summary>A Go string literal, in which every byte may stand.</summary>
    private static string Quote(byte[] bytes)
    {
        var text = new StringBuilder("\"");
        foreach (byte b in bytes)
        {
            if (b is >= 0x20 and < 0x7f and not (byte)'"' and not (byte)'\\')
                text.Append((char)b);
            else
                text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
        }
        return text.Append('"').ToString();
    }
}
