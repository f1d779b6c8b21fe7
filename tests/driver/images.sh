# Continuations in files, taken up where things are not as they were.

# A continuation of the top level goes on in a run where a variable it reads is not defined yet: that is an error, as
# for any variable.
cat > top.scm <<'END'
(define (save k)
  (call-with-port (open-binary-output-file "image") (lambda (port) (write-bytevector (object->bytevector k) port)))
  1)
(define (load)
  (call-with-port (open-binary-input-file "image") (lambda (port) (bytevector->object (read-bytevector 1000000 port)))))
(if (file-exists? "image") ((load) 2))
(define x (list 1 2))
(define run (call/cc save))
(println run x)
END
"$TCC" top.scm -o top
[ "$(./top)" = "1(1 2)" ]
! ./top > out 2> err
grep -q 'unbound variable: x' err
