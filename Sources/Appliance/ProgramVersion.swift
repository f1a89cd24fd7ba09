/// The version of the program: what the command and the web server say, and the document of the interface.
package let programVersion = "0.1.0"
